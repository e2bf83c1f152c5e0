"""Links that let their holder act never stand in the logs."""

from __future__ import annotations

import logging

import pytest
from django.test import RequestFactory

from reenter.common.logs import NoSecrets, without_secrets
from reenter.common.middleware import RequestLogMiddleware

SECRET = "eyJjIjoiYWJjIn0:kY3-_xyz"


@pytest.mark.parametrize("after", ["", "/", "/?again=1", ' HTTP/1.1" 200'])
def test_secret_part_of_a_path_is_left_out(after):
    text = without_secrets(f"GET /check-ins/answer/{SECRET}{after}")
    assert SECRET not in text
    assert text.startswith("GET /check-ins/answer/...")


def test_other_paths_stay():
    assert without_secrets("GET /check-ins/4f/ and /check-ins/answer/") == (
        "GET /check-ins/4f/ and /check-ins/answer/"
    )


def test_request_log_names_neither_secret_nor_query():
    request = RequestFactory().get(f"/check-ins/answer/{SECRET}/", {"q": "Anna de Vries"})
    text = RequestLogMiddleware.format_request(request)
    assert text == "GET /check-ins/answer/.../"


def test_filter_cleans_what_django_logs_about_a_refused_request():
    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 0, "%s: %s",
        ("Gone", f"/check-ins/answer/{SECRET}/"), None,
    )  # fmt: skip
    assert NoSecrets().filter(record)
    assert record.getMessage() == "Gone: /check-ins/answer/.../"


def test_filter_leaves_other_records_as_they_are():
    record = logging.LogRecord("x", logging.INFO, "", 0, "%d rows", (3,), None)
    assert NoSecrets().filter(record)
    assert record.args == (3,)
