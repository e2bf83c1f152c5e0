import pytest
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.filebased import EmailBackend

from reenter.common import mailpage


@pytest.fixture
def folder(tmp_path, settings):
    settings.EMAIL_FILE_PATH = str(tmp_path)
    return tmp_path


def send(
    subject="Jouw code", text="Code: 123 é\n" + "-" * 79 + "\nslot", html="<p>Code: 123 é</p>"
):
    mail = EmailMultiAlternatives(subject, text, to=["anna@example.org"])
    mail.attach_alternative(html, "text/html")
    EmailBackend().send_messages([mail])


def test_reads_back_what_was_sent(folder):
    send()
    (mail,) = mailpage.mails()
    assert (mail.subject, mail.to) == ("Jouw code", "anna@example.org")
    assert mail.text.startswith("Code: 123 é")
    assert mail.text.rstrip().endswith("slot")
    assert mail.html.strip() == "<p>Code: 123 é</p>"
    assert mailpage.mail(mail.name).subject == mail.subject


def test_shows_every_mail_of_one_connection(folder):
    mails = [
        EmailMultiAlternatives(subject, "Hallo\n" + "-" * 79 + "\nslot", to=["anna@example.org"])
        for subject in ("Eerste", "Tweede", "Derde")
    ]
    EmailBackend().send_messages(mails)
    shown = mailpage.mails()
    assert [mail.subject for mail in shown] == ["Derde", "Tweede", "Eerste"]
    for mail in shown:
        assert mailpage.mail(mail.name).subject == mail.subject
        assert mail.text.rstrip().endswith("slot")


def test_never_leaves_its_folder(folder):
    (folder.parent / "secret.log").write_text("Subject: secret\n\n" + "-" * 79)
    assert mailpage.mail("../secret") is None


def test_the_pages_exist_in_development_only(client):
    assert client.get("/dev/mail/").status_code == 404
