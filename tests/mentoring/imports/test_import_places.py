"""A column with towns: looked up in the table that the questions use, by command and by page."""

import pytest

from accounts.models import Profile
from mentoring.imports.mapping import Mapping, propose
from mentoring.imports.tables import read_table
from mentoring.models import SavedMapping
from mentoring.services.imports import import_participants, import_plan

from .pages import page_of, run, shown, to_check

TOWNS = Mapping(columns={"name": "name", "email": "email", "place": "city"})
HEAD = "name,email,city\n"

pytestmark = pytest.mark.django_db


def plan_of(programme, text, mapping=TOWNS):
    table = read_table(text.encode(), "list.csv")
    return import_plan(programme=programme, table=table, mapping=mapping, role="mentee")


def place_after_import(programme, text, mapping=TOWNS):
    plan = plan_of(programme, HEAD + text, mapping)
    import_participants(actor=None, programme=programme, role="mentee", mapping=mapping, plan=plan)
    profile = Profile.objects.get(user__email="anna@new.example")
    return profile.place_name, profile.latitude and round(profile.latitude, 1)


@pytest.mark.parametrize("column", ["city", "Place", "Woonplaats", "Town", "Plaats"])
def test_the_column_is_proposed(column):
    mapping = propose(["name", "email", column, "places"])
    assert mapping.columns["place"] == column
    assert mapping.columns["places"] == "places"


@pytest.mark.parametrize(
    ("cell", "name", "latitude"),
    [
        ("Leeuwarden", "Leeuwarden", 53.2),
        ("8911 AB leeuwarden", "Leeuwarden", 53.2),
        ('"Bergen, Alkmaar"', "Bergen", 52.7),
        ("", "", None),
    ],
)
def test_a_place_arrives_with_its_position(programme, cell, name, latitude):
    assert place_after_import(programme, f"Anna,anna@new.example,{cell}\n") == (name, latitude)


def test_what_is_no_place_is_named_by_row_and_column(programme):
    text = "A,a@new.example,Drachten\nB,b@new.example,Nergenshuizen\nC,c@new.example,Bergen\n"
    plan = plan_of(programme, HEAD + text)
    unknown, unclear = map(str, plan.problems)
    assert unknown == (
        "Row 3, column “city”: We do not know the place “Nergenshuizen”."
        " Write a town nearby, or leave it empty."
    )
    assert unclear.startswith("Row 4, column “city”: “Bergen” can be Bergen (near Alkmaar")
    assert "Bergen (Norway)" in unclear
    assert plan.unknown == {"place": ["Nergenshuizen", "Bergen"]}


@pytest.mark.parametrize(
    ("meant", "name"), [("Amsterdam", "Amsterdam"), ("Bergen, Norway", "Bergen"), ("", "")]
)
def test_the_mapping_explains_a_word(programme, meant, name):
    mapping = Mapping(columns=TOWNS.columns, values={"place": {"A'dam": meant}})
    found, _latitude = place_after_import(programme, "Anna,anna@new.example,A'dam\n", mapping)
    assert found == name


def test_a_number_in_the_file_is_no_number_of_a_place(programme):
    plan = plan_of(programme, HEAD + "A,a@new.example,2759794\n")
    assert "We do not know the place" in str(plan.problems[0])


def test_the_page_asks_which_place_or_leaves_it_empty(
    desk, programme, django_capture_on_commit_callbacks
):
    text = (
        "Naam;E-mailadres;Woonplaats\nAnna;anna@new.example;Bergen\n"
        "Bob;bob@new.example;Nergenshuizen\nCas;cas@new.example;Dracten\n"
    )
    batch = to_check(desk, programme, text)
    page = desk.get(page_of(batch, "check"))
    assert "Bergen (Norway)" in shown(page)
    form = page.context["form"]
    field_of = {word: name for name, (_code, word) in form.words.items()}

    def choice(word, label):
        return next(code for code, text in form.fields[field_of[word]].choices if label in text)

    chosen = {
        field_of["Bergen"]: choice("Bergen", "Norway"),
        field_of["Nergenshuizen"]: choice("Nergenshuizen", "leave it out"),
        field_of["Dracten"]: choice("Dracten", "Drachten"),
    }
    response = desk.post(page_of(batch, "check"), chosen)
    assert "Import 3 people" in shown(desk.get(response.url))
    run(desk, batch, django_capture_on_commit_callbacks)
    profiles = Profile.objects.filter(user__email__endswith="@new.example").order_by("user__email")
    assert [profile.place_name for profile in profiles] == ["Bergen", "", "Drachten"]
    assert round(profiles[0].latitude) == 60
    kept = SavedMapping.objects.get().mapping
    assert set(kept["values"]["place"]) == {"Bergen", "Nergenshuizen", "Dracten"}
