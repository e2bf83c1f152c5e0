from datetime import date
from pathlib import Path

import pytest

from mentoring.imports.mapping import MappingError, from_dict, from_toml, propose

EXAMPLES = Path(__file__).resolve().parents[3] / "docs/examples"


def test_proposes_by_name_and_drops_the_rest():
    mapping = propose(["Naam", "E-mailadres", "Talen", "Branche", "Schoenmaat"])
    assert mapping.columns == {
        "name": "Naam",
        "email": "E-mailadres",
        "languages": "Talen",
        "sector": "Branche",
    }
    assert mapping.drop == ["Schoenmaat"]


def test_proposes_for_the_columns_of_a_real_cohort():
    header = (EXAMPLES.parents[1] / "tests/data/cohort_a_mentors.csv").read_text().split("\n")[0]
    columns = propose(header.split(",")).columns
    assert columns["name"] == "display_name"
    assert columns["sector"] == "business_field"
    assert columns["topics"] == "offers"
    assert columns["bonds"] == "shared_events"
    assert columns["places"] == "places"


@pytest.mark.parametrize("name", ["cohort_mentees.toml", "cohort_mentors.toml"])
def test_examples_can_be_read_and_stored(name):
    mapping = from_toml((EXAMPLES / name).read_text())
    assert mapping.briefing.on == date(2026, 11, 1)
    assert from_dict(mapping.to_dict()) == mapping


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("columns = [", "no valid TOML"),
        ("colums = {}", "unknown part: colums"),
        ('[columns]\nshoe = "x"', "shoe"),
        ('[values.shoe]\na = "b"', "shoe"),
        ('[briefing]\nby = "x"\non = "soon"\ntext = "a/b"', "must be a date"),
        ('[legal_basis]\non = 2026-01-01\ntext = "a/b"', "must say"),
        ('[legal_basis]\nby = "x"\non = 2026-01-01\ntext = "ab"', "must say"),
    ],
)
def test_names_the_part_that_is_wrong(text, message):
    with pytest.raises(MappingError, match=message):
        from_toml(text)
