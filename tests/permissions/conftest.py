"""Both worlds are made once per module, in a transaction that is rolled back after it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import transaction

from accounts.selectors.people import legal_text_current
from accounts.services.basis import legal_texts_load
from tests.factories import accounts as make_accounts
from tests.factories import handbook as make_handbook

from . import world as worlds


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    """`here` and `there`: two programmes; and people who belong to neither."""
    with django_db_blocker.unblock(), transaction.atomic():
        legal_texts_load()
        here, there = worlds.build("home"), worlds.build("away")
        part = make_handbook.part(make_handbook.book("en"))
        chapter = make_handbook.chapter(part)
        version = legal_text_current("privacy").version
        for world in (here, there):
            world.chapter, world.text_version = chapter, version
        yield SimpleNamespace(
            here=here,
            there=there,
            chapter=chapter,
            stranger=make_accounts.user(name="Carla Vos", language="en"),
            admin=make_accounts.user(
                name="Ada Beheer", language="en", is_staff=True, is_superuser=True
            ),
        )
        transaction.set_rollback(True)
