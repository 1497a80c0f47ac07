"""Outlines of the towns of 三水区 440607: a sketch drawn by hand for orientation, neither surveyed nor official.

Corners are (longitude, latitude) in degrees; neighbours share their corners.
"""

Outline = tuple[tuple[float, float], ...]

STRETCH = 1.3
"""The district is long and narrow; the sketch is drawn a little wider, so that names fit."""

TOWNS: dict[str, Outline] = {
    "440607001": (
        (112.80, 23.24), (112.83, 23.19), (112.89, 23.18), (112.93, 23.21), (112.96, 23.16), (112.95, 23.10),
        (112.88, 23.08), (112.81, 23.11), (112.78, 23.17),
    ),
    "440607004": (
        (112.82, 23.29), (112.90, 23.27), (112.93, 23.21), (112.89, 23.18), (112.83, 23.19), (112.80, 23.24),
    ),
    "440607101": (
        (112.93, 23.48), (113.00, 23.47), (113.03, 23.40), (112.98, 23.37), (112.90, 23.38), (112.90, 23.42),
    ),
    "440607103": (
        (112.98, 23.37), (113.03, 23.33), (113.05, 23.24), (113.02, 23.17), (112.96, 23.16), (112.93, 23.21),
        (112.90, 23.27), (112.95, 23.30),
    ),
    "440607104": (
        (112.81, 23.11), (112.88, 23.08), (112.95, 23.10), (112.94, 23.02), (112.88, 22.98), (112.82, 23.03),
    ),
    "440607105": (
        (112.80, 23.43), (112.90, 23.42), (112.90, 23.38), (112.98, 23.37), (112.95, 23.30), (112.90, 23.27),
        (112.82, 23.29), (112.79, 23.36),
    ),
    "440607106": (
        (112.78, 23.54), (112.90, 23.57), (112.93, 23.48), (112.90, 23.42), (112.80, 23.43), (112.76, 23.48),
    ),
}  # fmt: skip

WEST, EAST = 112.74, 113.07
SOUTH, NORTH = 22.96, 23.59
PER_DEGREE = 600
WIDTH = round((EAST - WEST) * PER_DEGREE * STRETCH)
HEIGHT = round((NORTH - SOUTH) * PER_DEGREE)


def drawn(longitude: float, latitude: float) -> tuple[float, float]:
    """Where a position lies on the sketch, from its upper left corner."""
    return round((longitude - WEST) * PER_DEGREE * STRETCH, 1), round((NORTH - latitude) * PER_DEGREE, 1)


def middle(outline: Outline) -> tuple[float, float]:
    """Where a town's name goes: (longitude, latitude)."""
    return sum(lon for lon, _ in outline) / len(outline), sum(lat for _, lat in outline) / len(outline)


def contains(outline: Outline, longitude: float, latitude: float) -> bool:
    """Whether a position lies inside, by counting the sides to its east."""
    inside = False
    for (lon, lat), (to_lon, to_lat) in zip(outline, (*outline[1:], outline[0]), strict=True):
        if (lat > latitude) != (to_lat > latitude):
            inside ^= longitude < lon + (latitude - lat) / (to_lat - lat) * (to_lon - lon)
    return inside
