"""Distances on the ground between two positions in degrees."""

from math import asin, cos, radians, sin, sqrt

EARTH_M = 6_371_008.8

Position = tuple[float, float]
"""Latitude and longitude, in degrees."""


def distance_m(here: Position, there: Position) -> float:
    """Metres along the great circle (haversine)."""
    (lat, lon), (to_lat, to_lon) = here, there
    half = sin(radians(to_lat - lat) / 2) ** 2
    half += cos(radians(lat)) * cos(radians(to_lat)) * sin(radians(to_lon - lon) / 2) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(half)))


def narrowing(latitude: float) -> float:
    """How much shorter a degree of longitude is than one of latitude: enough to sort what lies in one district."""
    return cos(radians(latitude))
