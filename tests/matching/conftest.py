"""Pages follow the language of the person; most tests of this folder read them in English."""

import pytest
from django.test import Client


class EnglishClient(Client):
    def force_login(self, user, backend=None):
        user.language = "en"
        user.save(update_fields=["language"])
        super().force_login(user, backend)


@pytest.fixture
def english_client(db):
    return EnglishClient()
