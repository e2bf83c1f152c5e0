"""One's own data as a page: the same content as the file, in words and in one's language."""

import json
import re

import pytest
from django.urls import reverse

from accounts.services.privacy import account_export
from reenter.common.privacy import handlers
from tests.factories import accounts as make
from tests.factories import canaries as birds
from tests.permissions import world as worlds

READ = reverse("accounts:my_data_read")
FILE = reverse("accounts:my_data")
CODE = re.compile(r"[a-z]+(_[a-z]+)+")


@pytest.fixture
def planted(db, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    return birds.plant()


def read(client, user, language="en"):
    user.language = language
    user.save(update_fields=["language"])
    client.force_login(user)
    return client.get(READ).content.decode()


def keys_of(value):
    if isinstance(value, dict):
        yield from value
        for part in value.values():
            yield from keys_of(part)
    elif isinstance(value, list):
        for part in value:
            yield from keys_of(part)


def codes_on(page):
    values = re.findall(r"<d[td][^>]*>(.*?)</d[td]>", page, re.DOTALL)
    return [value for value in values if CODE.fullmatch(value.strip())]


def test_every_canary_of_the_file_is_on_the_page(planted, client):
    page = read(client, planted.user)
    file = client.get(FILE).content.decode()
    in_file = {text for text in planted.planted if text in file}
    assert len(in_file) > 8
    assert {text for text in planted.planted if text in page} == in_file


def test_every_key_has_a_label(planted):
    data = json.loads(json.dumps(account_export(planted.user), default=str))
    for handler in handlers():
        assert set(keys_of(data[handler.name])) <= set(handler.words.labels), handler.name


@pytest.mark.parametrize("name", ["mentee", "mentor", "facilitator"])
@pytest.mark.parametrize("language", ["en", "nl"])
def test_no_code_is_left(db, client, name, language):
    world = worlds.build("own")
    user = getattr(world, name)
    page = read(client, getattr(user, "user", user), language)
    assert codes_on(page) == []


def test_it_speaks_the_language_of_the_person(client, mentee):
    make.profile(
        role="mentee", user=mentee, phase="plan", languages=["nl"], availability=["weekend_evening"]
    )
    assert "I am making a plan" in (english := read(client, mentee))
    assert "Dutch" in english
    assert "Ik maak een plan" in (dutch := read(client, mentee, "nl"))
    assert "weekend" in dutch.casefold()
    assert "Nederlands" in dutch


def test_it_holds_nothing_of_others_and_is_not_kept(client, mentee, mentor):
    make.profile(role="mentor", user=mentor, pitch="Geheim van Bram")
    client.force_login(mentee)
    response = client.get(READ)
    assert "Bram" not in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_visitors_sign_in_first(client, db):
    assert client.get(READ).status_code == 302
