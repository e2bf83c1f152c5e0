"""The question where to meet: clear names, namesakes, unknown names."""

import pytest

from accounts.models import Profile
from tests.factories import accounts as make

PLACE = "/me/profile/mentee/place/"


@pytest.fixture
def me(client, mentee):
    client.force_login(mentee)
    return client


def place(client, **data):
    return client.post(PLACE, {"meeting": "either", "travel_km": "10"} | data)


def test_a_clear_place_is_stored_with_where_it_is(me):
    assert place(me, place="den haag").status_code == 302
    profile = Profile.objects.get()
    assert (profile.place_name, profile.travel_km) == ("Den Haag", 10)
    assert profile.latitude == pytest.approx(52.08, abs=0.02)


def test_namesakes_bring_up_a_choice_and_the_choice_is_stored(me):
    response = place(me, place="Hengelo")
    choices = response.context["form"].fields["which_place"].choices
    assert [label for _value, label in choices][:2] == [
        "Hengelo (Nederland)",
        choices[1][1],
    ]
    assert not Profile.objects.filter(place_name="Hengelo").exists()
    place(me, place="Hengelo", which_place=choices[1][0])
    profile = Profile.objects.get()
    assert profile.latitude == pytest.approx(52.05, abs=0.03)
    again = me.get(PLACE).context["form"]
    assert again["which_place"].value() == choices[1][0]


def test_a_choice_that_was_not_offered_is_refused(me):
    response = place(me, place="Hengelo", which_place="2751792")
    assert "which_place" in response.context["form"].errors


def test_an_unknown_place_can_be_left_out(me):
    response = place(me, place="Nergenshuizen")
    assert "place" in response.context["form"].errors
    assert place(me, place="Nergenshuizen", which_place="none").status_code == 302
    profile = Profile.objects.get()
    assert (profile.place_name, profile.latitude, profile.meeting) == ("", None, "either")


@pytest.mark.parametrize("text", ["8911", "8911 AB", "8911ab"])
def test_a_postcode_alone_is_asked_for_by_name(me, text):
    [error] = place(me, place=text).context["form"].errors["place"]
    assert "ostcode" in error
    assert place(me, place=f"{text} Leeuwarden").status_code == 302
    assert Profile.objects.get().place_name == "Leeuwarden"


def test_meeting_in_person_needs_a_place(me):
    response = place(me, meeting="in_person", place="Nergenshuizen", which_place="none")
    assert "place" in response.context["form"].errors


def test_a_slip_of_the_pen_offers_what_was_meant(me):
    response = place(me, place="Leewaarden")
    labels = [label for _value, label in response.context["form"].fields["which_place"].choices]
    assert labels[0].startswith("Leeuwarden")


def test_a_place_from_elsewhere_stays_when_nothing_is_changed(me, mentee):
    make.profile(
        role="mentee", user=mentee, place_name="Ons buurtschap", latitude=53.0, longitude=6.0,
        meeting="either", travel_km=10, answered=["place"],
    )  # fmt: skip
    assert place(me, place="Ons buurtschap").status_code == 302
    assert (Profile.objects.get().latitude, Profile.objects.get().place_name) == (
        53.0,
        "Ons buurtschap",
    )


def test_an_unknown_place_gives_one_error(me):
    response = place(me, meeting="in_person", place="Nergenshuizen")
    assert list(response.context["form"].errors) == ["place"]
    assert len(response.context["form"].errors["place"]) == 1
