"""The time zones that one can choose, grouped by part of the world."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

AREAS = ["Europe", "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia"]
AREAS += ["Indian", "Pacific"]


@cache
def time_zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Groups of (zone, city), Europe first."""
    groups: dict[str, list[tuple[str, str]]] = {area: [] for area in AREAS}
    for zone in sorted(available_timezones()):
        area, _slash, city = zone.partition("/")
        if city and area in groups:
            groups[area].append((zone, city.replace("_", " ").replace("/", ", ")))
    return list(groups.items())
