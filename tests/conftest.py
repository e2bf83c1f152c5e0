"""What every test may use: people of each role, and a clock that stands still when asked."""

from __future__ import annotations

import os

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation

from handbook import glossary
from tests import databases
from tests.factories import accounts as make_accounts
from tests.factories import mentoring as make_mentoring

FIGURE = "figure"
# The browser drives the live server from another thread.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture(scope="session")
def django_db_keepdb():
    """The database is already there, migrated; see tests/databases.py."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    databases.prepare(connection.settings_dict)


def restore_the_database(case):
    """Django's own flush is slow, and empties what migrations filled as well."""
    databases.restore(connection)
    ContentType.objects.clear_cache()


@pytest.fixture(autouse=True, scope="session")
def committed_rows_go():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", restore_the_database)
        yield


@pytest.fixture(autouse=True)
def sites_own_language(settings):
    """A page of an earlier test leaves its language behind in the thread."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def words_of_this_test():
    """The cache outlives the rows of an earlier test."""
    glossary.forget()


@pytest.fixture
def report(record_property):
    """Shows a figure below the results although the test passes."""
    return lambda text: record_property(FIGURE, text)


@pytest.fixture
def mentee(db):
    return make_accounts.user(name="Anna de Vries", email="anna@example.org")


@pytest.fixture
def mentor(db):
    return make_accounts.user(name="Bram Jansen", email="bram@example.org")


@pytest.fixture
def stranger(db):
    """Somebody with a login who has nothing to do with anything."""
    return make_accounts.user(name="Carla Vos", email="carla@example.org")


@pytest.fixture
def programme(db):
    return make_mentoring.programme()


@pytest.fixture
def facilitator(programme):
    return make_accounts.facilitator(organisation=programme.organisation, email="fleur@example.org")


@pytest.fixture
def foreign_facilitator(db):
    """Staff of another organisation, with a programme of their own."""
    other = make_mentoring.programme(name="Elsewhere")
    return make_accounts.facilitator(organisation=other.organisation, email="gijs@example.org")


@pytest.fixture
def admin_user(db):
    return make_accounts.user(
        name="Ada Beheer", email="ada@example.org", is_staff=True, is_superuser=True
    )


def pytest_terminal_summary(terminalreporter):
    """Figures that tests report. With CI set, a skipped test is a failed run."""
    for test in terminalreporter.getreports("passed"):
        for name, text in test.user_properties:
            if name == FIGURE and test.when == "call":
                terminalreporter.write_line(text)
    skipped = terminalreporter.stats.get("skipped", [])
    if os.environ.get("CI") and skipped:
        terminalreporter.write_line(f"{len(skipped)} tests were skipped; CI allows none.", red=True)


def pytest_sessionfinish(session, exitstatus):
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and exitstatus == 0 and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
