"""State is a table, a move is compare-and-set.

A state table is written once, in a package's `states.py`:

    DECLARATION = States("declaration", submitted={"returned", "admitted"}, returned={"submitted"}, admitted=set())

and the only way to change a row's `state` is `move()`, which updates it where it still has the
state that was read. Who comes second gets `StaleState`, never a half-done move.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from .refusals import Conflict


class StaleState(Conflict):
    code = "stale_state"
    message = _("Somebody has just changed this. Look again and decide anew.")


class IllegalMove(Conflict):
    code = "illegal_move"
    message = _("This step is not possible from the present state.")


@dataclass(frozen=True)
class States:
    """Every state and every legal move of one kind of thing."""

    name: str
    moves: dict[str, frozenset[str]]

    def __init__(self, name, **moves):
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "moves", {state: frozenset(targets) for state, targets in moves.items()})
        unknown = {target for targets in self.moves.values() for target in targets} - set(self.moves)
        if unknown:
            raise ValueError(f"{name}: moves lead to unknown states {sorted(unknown)}")

    def __iter__(self):
        return iter(self.moves)

    def allows(self, state, to):
        return to in self.moves.get(state, ())

    def ends(self, state):
        return not self.moves[state]


def move(row, states: States, to: str, **fields):
    """Move `row` from the state it was read in to `to`, setting `fields` with it.

    Raises `IllegalMove` when the table has no such move, `StaleState` when the row has moved since.
    """
    if not states.allows(row.state, to):
        raise IllegalMove(state=row.state, to=to, kind=states.name)
    found = type(row)._base_manager.filter(pk=row.pk, state=row.state)
    if hasattr(row, "district_id"):
        found = found.filter(district_id=row.district_id)
    if not found.update(state=to, **fields):
        raise StaleState(state=row.state, to=to, kind=states.name)
    row.state = to
    for name, value in fields.items():
        setattr(row, name, value)
    return row
