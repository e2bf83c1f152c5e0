import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def english():
    """The messages that these tests read."""
    with translation.override("en"):
        yield
