"""The shell around the pages: language, menu, home page, job page and error pages."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import translation

from reenter.common.models import Job
from reenter.common.templatetags.site import phone_links
from tests.factories.accounts import user

ANONYMOUS_PAGES = [
    "desk:home",
    "account_login",
    "account_signup",
    "account_request_login_code",
    "account_reset_password",
    "account_inactive",
]
ELSEWHERE = ["https://evil.example/", "//evil.example/", "javascript:x", 7, None]


def check_shell(response, language="nl"):
    text = response.content.decode()
    assert f'<html lang="{language}">' in text
    assert len(re.findall(r"<h1\b", text)) == 1
    assert len(re.findall(r"<main\b", text)) == 1
    assert re.search(r"<title>\s*\S.* \u2013 RE-ENTER</title>", text)
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    return text


@pytest.mark.django_db
@pytest.mark.parametrize("name", ANONYMOUS_PAGES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_page_for_everybody_has_one_shell(client, name, language):
    client.cookies["django_language"] = language
    check_shell(client.get(reverse(name)), language)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["account_email", "mfa_index", "mfa_list_webauthn"])
def test_account_pages_have_the_same_shell(client, mentee, name):
    client.force_login(mentee)
    check_shell(client.get(reverse(name)))


@pytest.mark.django_db
def test_the_home_page_has_one_button_for_each_audience(client, settings):
    text = check_shell(client.get("/"))
    signup = reverse("account_signup")
    assert f'href="{signup}?role=mentee&amp;next=/start/"' in text
    assert f'href="{signup}?role=mentor&amp;next=/start/"' in text
    assert 'href="#organisations"' in text
    assert 'id="organisations"' in text
    assert settings.CONTACT_PHONE in text


@pytest.mark.django_db
def test_the_home_page_asks_the_database_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/")


@pytest.mark.django_db
def test_the_menu_depends_on_who_looks(client, mentee):
    assert reverse("account_login") in client.get("/").content.decode()
    client.force_login(mentee)
    text = client.get(reverse("mfa_index")).content.decode()
    assert reverse("account_logout") in text
    assert f'href="{reverse("account_login")}"' not in text


@pytest.mark.django_db
def test_the_language_can_be_switched_and_the_page_stays():
    client = Client(enforce_csrf_checks=True)
    here = reverse("account_signup") + "?role=mentor"
    text = client.get(here).content.decode()
    assert f'name="next" value="{here}"' in text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text).group(1)
    response = client.post(
        reverse("set_language"), {"language": "en", "next": here, "csrfmiddlewaretoken": token}
    )
    assert response.url == here
    assert '<html lang="en">' in client.get(here).content.decode()


@pytest.mark.parametrize("code", ["400", "403", "404", "403_csrf", "500"])
def test_an_error_page_needs_no_request_to_say_what_to_do(code, settings):
    with translation.override("nl"):
        text = render_to_string(f"{code}.html")
    assert '<html lang="nl">' in text
    assert len(re.findall(r"<h1\b", text)) == 1
    assert f">{settings.CONTACT_PHONE}</a>" in text
    assert 'href=""' not in text
    assert 'href="tel:"' not in text


@pytest.mark.django_db
def test_a_page_that_is_not_there_is_kind(client, settings):
    response = client.get("/no-such-page/", follow=True)
    assert response.status_code == 404
    assert settings.CONTACT_PHONE in check_shell(response)


@pytest.mark.django_db
def test_a_forged_post_is_met_with_kind_words(settings):
    response = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "x"})
    assert response.status_code == 403
    assert settings.CONTACT_PHONE in check_shell(response)


def job_of(person, **extra):
    return Job.objects.create(kind="test", started_by=person, **extra)


def job_url(job):
    return reverse("common:job_detail", args=[job.pk])


@pytest.mark.django_db
def test_a_running_job_is_a_page_that_loads_itself_again(client, mentor):
    job = job_of(mentor, state="running", progress=40, phase="Pairs")
    client.force_login(mentor)
    response = client.get(job_url(job))
    text = check_shell(response)
    assert response["Refresh"] == "4"
    assert 'value="40"' in text
    assert f'data-hx-get="{job_url(job)}"' in text


@pytest.mark.django_db
def test_htmx_gets_the_bar_alone(client, mentor):
    job = job_of(mentor, state="running", progress=40)
    client.force_login(mentor)
    response = client.get(job_url(job), headers={"HX-Request": "true"})
    assert "Refresh" not in response
    assert b"<html" not in response.content
    assert b'value="40"' in response.content


@pytest.mark.django_db
def test_a_finished_job_sends_the_person_on(client, mentor):
    job = job_of(mentor, state="done", progress=100, params={"next": "/rounds/1/?tab=pairs"})
    client.force_login(mentor)
    assert client.get(job_url(job)).url == "/rounds/1/?tab=pairs"
    response = client.get(job_url(job), headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == "/rounds/1/?tab=pairs"


@pytest.mark.django_db
@pytest.mark.parametrize("url", ELSEWHERE)
def test_a_finished_job_sends_nobody_elsewhere(client, mentor, url):
    job = job_of(mentor, state="done", progress=100, params={"next": url})
    client.force_login(mentor)
    response = client.get(job_url(job))
    assert response.status_code == 200
    assert "evil.example" not in check_shell(response)
    fragment = client.get(job_url(job), headers={"HX-Request": "true"})
    assert fragment["HX-Refresh"] == "true"
    assert "HX-Redirect" not in fragment


@pytest.mark.django_db
def test_a_failed_job_says_why_and_stays(client, mentor):
    job = job_of(mentor, state="failed", error="Nobody is <b>ready</b>.", params={"next": "/x/"})
    client.force_login(mentor)
    response = client.get(job_url(job))
    assert "Nobody is &lt;b&gt;ready&lt;/b&gt;." in check_shell(response)
    assert "Refresh" not in response
    fragment = client.get(job_url(job), headers={"HX-Request": "true"})
    assert fragment["HX-Refresh"] == "true"


@pytest.mark.django_db
def test_a_job_is_for_who_started_it(client, mentor, stranger):
    job = job_of(mentor, state="running")
    assert client.get(job_url(job)).url.startswith(reverse("account_login"))
    client.force_login(stranger)
    assert client.get(job_url(job)).status_code == 404


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_mail_is_complete_in_both_forms(language):
    context = {
        "subject": "Two weeks <on>",
        "language": language,
        "site_url": "https://reenter.example",
        "sections": [
            {"paragraphs": ["Hello Anna,", "How & are you?"], "action_label": "", "action_url": ""},
            {
                "paragraphs": ["One question."],
                "action_label": "Answer",
                "action_url": "https://reenter.example/check-ins/x/?a=1&b=2",
            },
        ],
        "closing": ["Fleur: +31 6 12345678"],
    }
    page = render_to_string("emails/message.html", context)
    plain = render_to_string("emails/message.txt", context)
    assert page.count('class="button"') == 1
    assert "Two weeks &lt;on&gt;" in page
    assert "<on>" not in page
    for piece in ["Hello Anna,", "How & are you?", "One question.", "Answer", "a=1&b=2", "Fleur"]:
        assert piece in plain
        assert piece.replace("&", "&amp;") in page


@pytest.mark.django_db
def test_the_address_of_a_button_opens_as_a_page(client):
    client.force_login(user())
    response = client.get(reverse("accounts:purpose_give", args=["stories"]))
    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"
    check_shell(response)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("Call +31 58 123 45 67.", 'Call <a class="phone" href="tel:+31581234567">'),
        ("Call 058-1234567.", 'Call <a class="phone" href="tel:0581234567">'),
        ("<b>Fenna</b>, 2026", "&lt;b&gt;Fenna&lt;/b&gt;, 2026"),
    ],
)
def test_phone_numbers_in_a_line_can_be_called(line, shown):
    assert shown in phone_links(line)
