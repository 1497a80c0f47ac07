"""A query whose SQL is made once: for the few statements that many people wait for at the same moment.

The ORM needs longer to write a query with subqueries than PostgreSQL to answer it. Such a query is still written
with the ORM, as a function of its parameters; it is turned into SQL with samples of them, and every later call sends
that very statement with its own.

    HELD = Compiled(lambda district, person: Claim.objects.filter(district_id=district, coordinator_id=person),
                    district="000000", person=uuid.UUID(int=1))
    HELD.rows(district="440607", person=coordinator.pk)
"""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, Generic, TypeVar, cast

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


class Compiled(Generic[Row]):
    """`samples`: one value for each parameter, alike in type and different from every constant in the query."""

    def __init__(self, build: Callable[..., QuerySet[Row]], **samples: Any) -> None:
        self.build, self.samples = build, samples

    @cached_property
    def statement(self) -> tuple[type[Row], str, list[tuple[str | None, Any]]]:
        """The model, the SQL, and for each placeholder the name of its parameter, or None and a constant."""
        query = self.build(**self.samples).query
        sql, values = query.sql_with_params()
        names = {value: name for name, value in self.samples.items()}
        places = [(_name(value, names), value) for value in values]
        missing = set(self.samples) - {name for name, _ in places}
        if missing:
            raise ValueError(f"not in the statement: {sorted(missing)}")
        return cast(type[Row], query.model), sql, places

    def rows(self, **values: Any) -> Iterable[Row]:
        model, sql, places = self.statement
        sent = [constant if name is None else values[name] for name, constant in places]
        return model._default_manager.raw(sql, sent)

    def first(self, **values: Any) -> Row | None:
        """Of a query that finds one row at most."""
        return next(iter(self.rows(**values)), None)

    def one(self, **values: Any) -> Row:
        """Of a query that always finds one row."""
        return next(iter(self.rows(**values)))


def _name(value: Any, names: dict[Any, str]) -> str | None:
    return names.get(value) if value.__hash__ is not None else None
