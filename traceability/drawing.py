"""A lineage laid out for drawing: columns by step of trade, rows sorted, too many of one column drawn as groups.

Plain geometry, in pixels; words and colours are the page's.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from traceability.lineage import RETAIL, SECOND_TIER, WHOLESALE, Graph, Line, Node

ZERO = Decimal(0)
ORIGIN, WALK_IN, WAITING, GROUP, BATCH, REST = "origin", "walk_in", "waiting", "group", "batch", "rest"
COLUMN_OF = {WHOLESALE: 1, SECOND_TIER: 2, RETAIL: 3}
AT_MOST = 60
"""More boxes than these in a column are drawn as groups."""

BOX_W, BOX_H, ROW_GAP, COLUMN_GAP, MARGIN, HEAD = 180, 52, 12, 60, 12, 36
THICKEST = 9.0
UNITS = 20
"""What fits into a box: a Chinese character is two, a Latin one one."""


@dataclass
class Box:
    """A batch, an origin, a buyer without a batch, or a group of them with their totals."""

    key: str
    kind: str
    column: int
    title: str
    note: str = ""
    kg: Decimal | None = None
    on_hand_kg: Decimal | None = None
    held: bool = False
    here: bool = False
    count: int = 1
    group: str = ""
    node: Node | None = None
    x: float = 0
    y: float = 0

    @property
    def short_title(self) -> str:
        return fitted(self.title)

    @property
    def short_note(self) -> str:
        return fitted(self.note)

    @property
    def middle(self) -> float:
        return self.y + BOX_H / 2


@dataclass
class Arrow:
    start: Box
    end: Box
    kg: Decimal | None
    width: float = 1.5

    @property
    def path(self) -> str:
        x1, y1, x2, y2 = self.start.x + BOX_W, self.start.middle, self.end.x, self.end.middle
        bend = (x1 + x2) / 2
        return f"M{x1:.0f} {y1:.0f}C{bend:.0f} {y1:.0f} {bend:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"


@dataclass
class Column:
    step: str
    x: float
    count: int


@dataclass
class Drawing:
    boxes: list[Box] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    width: float = 0
    height: float = 0
    box_w: int = BOX_W
    box_h: int = BOX_H


def fitted(text: str, units: int = UNITS) -> str:
    """The text, cut with an ellipsis where it is wider than `units`."""
    width = 0
    for place, letter in enumerate(text):
        width += 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if width > units:
            return text[: max(place - 1, 1)] + "…"
    return text


def draw(graph: Graph, now: dt.datetime, opened: Collection[str] = ()) -> Drawing:
    """Lay out a lineage; groups whose key is among `opened` are drawn one by one."""
    single, links = _singles(graph, now)
    shown, becomes = _grouped(single, opened)
    arrows = _arrows(links, {box.key: box for box in shown}, becomes)
    columns = _sorted_columns(shown, arrows)
    drawing = Drawing(arrows=arrows)
    _place(drawing, columns)
    return drawing


def _singles(graph: Graph, now: dt.datetime) -> tuple[list[Box], list[tuple[str, str, Decimal | None]]]:
    """A box for every batch, origin and buyer without a batch; and who gave to whom, how much."""
    boxes: dict[str, Box] = {}
    links: list[tuple[str, str, Decimal | None]] = []
    columns = _columns(graph)
    for node in graph.nodes.values():
        box = boxes[str(node.id)] = _batch_box(graph, node, columns[node.id], now)
        if node.parent_id is None:
            key = f"{ORIGIN}:{node.origin}"
            origin = boxes.setdefault(key, Box(key, ORIGIN, 0, node.origin))
            links.append((origin.key, box.key, box.kg))
    for parent, child, line in graph.edges():
        links.append((str(parent.id), str(child.id), line and line.accepted_kg))
    for line in graph.open_lines():
        box = boxes[str(line.id)] = _buyer_box(line, columns[line.batch_id] + 1)
        links.append((str(line.batch_id), box.key, line.waiting_kg))
    return list(boxes.values()), links


def _columns(graph: Graph) -> dict[object, int]:
    """By step of trade, and always to the right of where it came from."""
    columns: dict[object, int] = {}

    def column(node: Node) -> int:
        chain = [node]
        while chain[-1].id not in columns and chain[-1].parent_id in graph.nodes:
            chain.append(graph.nodes[chain[-1].parent_id])
        before = columns.get(chain[-1].id, 0)
        for each in reversed(chain):
            before = columns.setdefault(each.id, max(COLUMN_OF[each.step], before + 1))
        return columns[node.id]

    for node in graph.nodes.values():
        column(node)
    return columns


def _batch_box(graph: Graph, node: Node, column: int, now: dt.datetime) -> Box:
    where = node.where(now) if graph.shows(node) else None
    market = node.market or node.town
    return Box(
        key=str(node.id), kind=BATCH, column=column, title=node.who, note=market, held=node.held_since is not None,
        kg=node.admitted_kg if where else None, on_hand_kg=where.on_hand_kg + where.withdrawn_kg if where else None,
        here=node.id == graph.start, group=f"at:{column}:{node.market_id or node.town_id}", node=node,
    )  # fmt: skip


def _buyer_box(line: Line, column: int) -> Box:
    kind = WAITING if line.buyer_place_id else WALK_IN
    column = max(column, COLUMN_OF[RETAIL])
    return Box(
        key=str(line.id), kind=kind, column=column, title=line.buyer_name, kg=line.waiting_kg, group=f"{kind}:{column}"
    )


def _grouped(boxes: Iterable[Box], opened: Collection[str]) -> tuple[list[Box], dict[str, str]]:
    """The boxes that are drawn, and which of them each of the others became part of."""
    by_column: dict[int, list[Box]] = defaultdict(list)
    for box in boxes:
        by_column[box.column].append(box)
    shown: list[Box] = []
    becomes: dict[str, str] = {}
    for column in by_column.values():
        if len(column) <= AT_MOST:
            shown += column
            continue
        groups: dict[str, list[Box]] = defaultdict(list)
        for box in column:
            groups[box.key if box.here else box.group or box.key].append(box)
        for key, members in groups.items():
            members.sort(key=lambda box: (-(box.kg or ZERO), box.title))
            alone = members if len(members) == 1 else members[:AT_MOST] if key in opened else []
            shown += alone
            if rest := members[len(alone) :]:
                shown.append(_group_box(key, rest, REST if alone else GROUP, becomes))
    return shown, becomes


def _group_box(key: str, members: list[Box], kind: str, becomes: dict[str, str]) -> Box:
    first = members[0]
    becomes.update({box.key: f"group:{key}" for box in members})
    known = [box.kg for box in members if box.kg is not None]
    return Box(
        key=f"group:{key}", kind=kind, column=first.column, title=first.note or first.kind, count=len(members),
        kg=sum(known, ZERO) if known else None, group=key, held=any(box.held for box in members),
        on_hand_kg=sum((box.on_hand_kg or ZERO for box in members), ZERO) if known else None,
        note=first.kind if first.kind != BATCH else "",
    )  # fmt: skip


def _arrows(links, shown: dict[str, Box], becomes: dict[str, str]) -> list[Arrow]:
    sums: dict[tuple[str, str], Decimal | None] = {}
    for start, end, kg in links:
        key = becomes.get(start, start), becomes.get(end, end)
        before = sums.get(key)
        sums[key] = before if kg is None else kg + (before or ZERO)
    most = max((kg for kg in sums.values() if kg), default=Decimal(1))
    return [
        Arrow(shown[start], shown[end], kg, 1.5 + (THICKEST - 1.5) * float((kg or ZERO) / most) ** 0.5)
        for (start, end), kg in sums.items()
    ]


def _sorted_columns(boxes: Iterable[Box], arrows: Iterable[Arrow]) -> list[list[Box]]:
    """Columns left to right, each in the order of what its boxes came from, the largest first."""
    columns: dict[int, list[Box]] = defaultdict(list)
    for box in boxes:
        columns[box.column].append(box)
    sources: dict[str, list[str]] = defaultdict(list)
    for arrow in arrows:
        sources[arrow.end.key].append(arrow.start.key)
    rows: dict[str, float] = {}
    ordered = []
    for _, column in sorted(columns.items()):
        column.sort(key=_row_key(sources, rows))
        rows |= {box.key: row for row, box in enumerate(column)}
        ordered.append(column)
    return ordered


def _row_key(sources: dict[str, list[str]], rows: dict[str, float]) -> Callable[[Box], Any]:
    def key(box: Box):
        above = [rows[source] for source in sources[box.key] if source in rows]
        return sum(above) / len(above) if above else 0, box.kind == REST, -(box.kg or ZERO), box.title

    return key


def _place(drawing: Drawing, columns: list[list[Box]]) -> None:
    """Short columns stand in the middle of the tallest; beside a long one they stay on top, where one reads first."""
    tallest = max((len(column) for column in columns), default=0)
    x = float(MARGIN)
    for column in columns:
        y = MARGIN + HEAD + (max(0, min(tallest, 12) - len(column)) * (BOX_H + ROW_GAP) / 2)
        for box in column:
            box.x, box.y = x, y
            y += BOX_H + ROW_GAP
        drawing.boxes += column
        drawing.columns.append(Column(_step_of(column), x, sum(box.count for box in column)))
        x += BOX_W + COLUMN_GAP
    drawing.width = x - COLUMN_GAP + MARGIN
    drawing.height = MARGIN * 2 + HEAD + tallest * (BOX_H + ROW_GAP)


def _step_of(column: list[Box]) -> str:
    if column[0].kind == ORIGIN:
        return ORIGIN
    steps = [box.node.step for box in column if box.node]
    number = column[0].column
    named = {place: step for step, place in COLUMN_OF.items()}
    return max(set(steps), key=steps.count) if steps else named.get(number, RETAIL)
