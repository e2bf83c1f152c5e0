"""Places can never be oversold, whoever comes at once."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from accounts.models import Profile
from accounts.services.places import NoPlaceLeft, places_free, places_set, places_take
from reenter.common.errors import Refused
from reenter.common.models import AuditEntry
from tests.factories import accounts as make

ROUNDS, PEOPLE, PLACES = 10, 8, 3


@pytest.fixture
def mentor_profile(db):
    return make.profile(role="mentor", places=2)


@pytest.fixture
def mentee_profile(db):
    return make.profile(role="mentee")


def taken(profile):
    return Profile.objects.get(pk=profile.pk).places_taken


def test_takes_one_of_each(mentor_profile, mentee_profile):
    places_take(profiles=[mentor_profile, mentee_profile])
    assert (taken(mentor_profile), taken(mentee_profile)) == (1, 1)


def test_takes_none_when_one_has_none_left(mentor_profile, mentee_profile):
    places_take(profiles=[mentee_profile])
    with pytest.raises(NoPlaceLeft) as refusal:
        places_take(profiles=[mentor_profile, mentee_profile])
    assert refusal.value.profile == mentee_profile
    assert (taken(mentor_profile), taken(mentee_profile)) == (0, 1)


def test_gives_back_but_never_below_zero(mentor_profile):
    places_take(profiles=[mentor_profile])
    places_free(profiles=[mentor_profile])
    places_free(profiles=[mentor_profile])
    assert taken(mentor_profile) == 0


def test_a_mentor_changes_their_places(mentor_profile):
    places_set(actor=mentor_profile.user, profile=mentor_profile, places=3)
    assert Profile.objects.get().places == 3
    assert AuditEntry.objects.get().data == {"places": 3}


@pytest.mark.parametrize("places", [0, -1, 4])
def test_outside_one_to_three_is_refused(mentor_profile, places):
    with pytest.raises(Refused):
        places_set(actor=mentor_profile.user, profile=mentor_profile, places=places)


def test_a_mentee_has_one_place(mentee_profile):
    with pytest.raises(Refused):
        places_set(actor=mentee_profile.user, profile=mentee_profile, places=2)


def test_below_what_is_taken_is_refused(mentor_profile):
    places_take(profiles=[mentor_profile])
    places_take(profiles=[mentor_profile])
    with pytest.raises(Refused):
        places_set(actor=mentor_profile.user, profile=mentor_profile, places=1)
    assert Profile.objects.get().places == 2


def test_the_database_refuses_too(mentor_profile):
    with pytest.raises(IntegrityError), transaction.atomic():
        Profile.objects.filter(pk=mentor_profile.pk).update(places_taken=3)


def naive_take(profile):
    """What a hurried programmer writes: look, then write back."""
    with transaction.atomic():
        seen = Profile.objects.get(pk=profile.pk)
        everybody_has_looked.wait(timeout=10)
        if seen.places_taken < seen.places:
            Profile.objects.filter(pk=seen.pk).update(places_taken=seen.places_taken + 1)
            return True
    return False


everybody_has_looked = threading.Barrier(PEOPLE)


def careful_take(profile):
    try:
        places_take(profiles=[profile])
    except NoPlaceLeft:
        return False
    return True


def rush(take, profile):
    """How many of the people who come at once are told that they have a place."""
    start = threading.Barrier(PEOPLE)
    told = []

    def one():
        start.wait(timeout=10)
        try:
            told.append(take(profile))
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _person in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(told)


@pytest.fixture
def postgres(transactional_db):
    if connection.vendor != "postgresql":
        pytest.skip("races show only on PostgreSQL; SQLite lets one write at a time")


@pytest.mark.postgres
@pytest.mark.parametrize(("take", "oversells"), [(careful_take, False), (naive_take, True)])
def test_people_who_come_at_once(postgres, take, oversells):
    for _round in range(ROUNDS):
        profile = make.profile(role="mentor", places=PLACES)
        told = rush(take, profile)
        assert (told > PLACES) is oversells
        assert oversells or taken(profile) == PLACES


@pytest.mark.postgres
def test_two_who_want_the_same_pair_crosswise_do_not_wait_for_each_other(postgres):
    """Without one order for everybody, these two would deadlock."""
    pair = [make.profile(role="mentor", places=3) for _ in range(2)]
    turn = iter([pair, pair[::-1]] * PEOPLE)
    lock = threading.Lock()

    def both(_profile):
        with lock:
            profiles = next(turn)
        try:
            places_take(profiles=profiles)
        except NoPlaceLeft:
            return False
        return True

    for _round in range(ROUNDS):
        Profile.objects.update(places_taken=F("places_taken") * 0)
        assert rush(both, None) == 3
        turn = iter([pair, pair[::-1]] * PEOPLE)
