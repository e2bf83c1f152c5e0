"""Finding places offline."""

import pytest
from django.utils import translation

from accounts import geo
from accounts.place_index import fold


def names(text):
    return [str(place) for place in geo.find_places(text)]


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("text", "country", "latitude", "longitude"),
    [
        ("Leeuwarden", "NL", 53.20, 5.81),
        ("  leeuwarden ", "NL", 53.20, 5.81),
        ("8911 AB Leeuwarden", "NL", 53.20, 5.81),
        ("Ljouwert", "NL", 53.20, 5.81),
        ("Den Haag", "NL", 52.08, 4.30),
        ("The Hague", "NL", 52.08, 4.30),
        ("'s-Gravenhage", "NL", 52.08, 4.30),
        ("Гаага", "NL", 52.08, 4.30),
        ("Brussel", "BE", 50.85, 4.35),
        ("BRUXELLES", "BE", 50.85, 4.35),
        ("Den Bosch", "NL", 51.70, 5.30),
        ("Utrecht", "NL", 52.09, 5.12),
        ("Zagreb", "HR", 45.81, 15.98),
        ("Bergen, Norway", "NO", 60.39, 5.32),
        ("Bergen (Noorwegen)", "NO", 60.39, 5.32),
        ("Keulen", "DE", 50.93, 6.95),
        ("Paramaribo", "SR", 5.87, -55.17),
    ],
)
def test_one_clear_place(text, country, latitude, longitude):
    (place,) = geo.find_places(text)
    assert place.country_code == country
    assert place.latitude == pytest.approx(latitude, abs=0.03)
    assert place.longitude == pytest.approx(longitude, abs=0.03)


def test_the_name_is_the_one_people_used():
    assert [place.name for place in geo.find_places("den haag")] == ["Den Haag"]
    assert [place.name for place in geo.find_places("the hague")] == ["The Hague"]


def test_namesakes_are_told_apart_and_those_near_home_come_first():
    found = geo.find_places("Bergen")
    assert len(found) > 2
    assert len(found) <= geo.MAX_HITS
    assert found[0].country_code == "NL"
    assert names("Bergen")[0] == "Bergen (near Alkmaar, Netherlands)"
    assert "Bergen (Norway)" in names("Bergen")
    assert len(set(names("Bergen"))) == len(found)
    assert names("Hengelo") == ["Hengelo (Netherlands)", "Hengelo (near Doetinchem, Netherlands)"]


def test_far_away_only_what_dwarfs_its_namesake():
    assert [place.country_code for place in geo.find_places("Rotterdam")] == ["NL"]
    assert geo.find_places("New York")[0].country_code == "US"


@pytest.mark.parametrize("text", ["", "  ", ",", "8911 AB", "qqqq", "x" * 5000, "'; DROP TABLE x"])
def test_nothing_is_found_without_an_error(text):
    assert geo.find_places(text) == []


@pytest.mark.parametrize("text", ["", "8911 AB", "qqqqq", "x" * 5000])
def test_nothing_is_similar_without_an_error(text):
    assert geo.similar_places(text) == []


@pytest.mark.parametrize(
    ("typed", "meant"), [("Leewaarden", "Leeuwarden"), ("Amsterdm", "Amsterdam")]
)
def test_a_slip_of_the_pen_finds_the_place(typed, meant):
    assert geo.find_places(typed) == []
    assert meant in [place.name for place in geo.similar_places(typed)]


def test_the_country_is_named_in_the_language_of_the_page():
    (place,) = geo.find_places("Zagreb")
    assert place.country == "Croatia"
    with translation.override("nl"):
        assert place.country == "Kroatië"


def test_distance():
    (leeuwarden,), (hague,) = geo.find_places("Leeuwarden"), geo.find_places("Den Haag")
    assert geo.distance_km(leeuwarden, hague) == pytest.approx(161, abs=3)
    assert geo.distance_km(hague, hague) == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [("Sint-Niklaas", "st. niklaas"), ("Köln", "koln"), ("'s-Hertogenbosch", "s hertogenbosch")],
)
def test_spellings_fold_together(one, other):
    assert fold(one) == fold(other)
    assert fold(one) != fold(one + "x")


@pytest.mark.slow
def test_the_file_is_made_when_it_is_not_there(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    assert [place.name for place in geo.find_places("Grou")] == ["Grou"]
    assert [path.suffix for path in tmp_path.iterdir()] == [".sqlite3"]
