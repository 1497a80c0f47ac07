"""The mapping that lays a flat sheet into four given corners."""

from collections.abc import Sequence

Point = tuple[float, float]


def coefficients(corners: Sequence[Point], sheet: tuple[int, int]) -> tuple[float, ...]:
    """The eight numbers of Pillow's PERSPECTIVE: from a point of the photograph to one of the sheet.

    `corners` are those of the sheet in the photograph, clockwise from the top left.
    """
    width, height = sheet
    flat = ((0, 0), (width, 0), (width, height), (0, height))
    rows = []
    for (x, y), (u, v) in zip(corners, flat, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    return tuple(_solved(rows))


def _solved(rows: list[list[float]]) -> list[float]:
    """Gauss-Jordan elimination with pivoting of rows that end with their right-hand side."""
    size = len(rows)
    for column in range(size):
        pivot = max(range(column, size), key=lambda index: abs(rows[index][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        head = rows[column][column]
        rows[column] = [value / head for value in rows[column]]
        for index in range(size):
            factor = rows[index][column]
            if index != column and factor:
                rows[index] = [a - factor * b for a, b in zip(rows[index], rows[column], strict=True)]
    return [row[-1] for row in rows]
