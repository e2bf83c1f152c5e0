import pytest
from django.utils import translation

from accounts.services.basis import legal_texts_load
from accounts.services.taxonomy import taxonomy_load


@pytest.fixture(autouse=True)
def english():
    """The messages that these tests read."""
    with translation.override("en"):
        yield


@pytest.fixture
def content(db):
    taxonomy_load()
    legal_texts_load()


@pytest.fixture
def desk(client, facilitator):
    facilitator.language = "en"
    facilitator.save()
    client.force_login(facilitator)
    client.cookies["language"] = "en"
    return client
