"""No mail is lost, whatever dies: the worker, the queue, the mail server."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from http.cookies import SimpleCookie

import pytest

from . import servers

PEOPLE = int(os.environ.get("FAULTS_PEOPLE", "200"))
KILLS = int(os.environ.get("FAULTS_KILLS", "10"))

WAITING = "SELECT count(*) FROM common_outboxmessage WHERE state = 'pending'"
SENT = "SELECT count(*) FROM common_outboxmessage WHERE state = 'sent'"

pytestmark = [
    pytest.mark.faults,
    pytest.mark.slow,
    pytest.mark.skipif(servers.postgres_bin() is None, reason="no PostgreSQL programs found"),
    pytest.mark.skipif(not shutil.which("redis-server"), reason="no redis-server found"),
]


@pytest.fixture(scope="module")
def cluster():
    with servers.cluster() as made:
        yield made


@pytest.fixture
def world(cluster, tmp_path):
    with servers.world(cluster, tmp_path) as made:
        yield made


def test_ten_kills_lose_nothing_and_double_only_in_the_window(world, report):
    """200 due check-ins, `kill -9` ten times at random moments.

    A mail may come twice only where a kill fell between the server's "250" and our commit; then
    both copies have the same Message-ID. After each kill, with the worker dead, those are exactly
    the mails that the server took and the database does not call sent.
    """
    chance = random.Random()
    world.product.scenario("due_check_ins", str(PEOPLE // 2))
    in_the_window: Counter[str] = Counter()
    began = time.monotonic()
    for _ in range(KILLS):
        kill_in_the_middle(world, chance)
        in_the_window |= taken_but_not_sent(world)
    survivor = world.product.worker()
    try:
        servers.wait_until(
            lambda: world.query(SENT)[0][0] == PEOPLE, seconds=120, what="all mail to be sent"
        )
    finally:
        survivor.kill()
    report(figures(world, in_the_window, time.monotonic() - began))

    people = {address for _id, address, _content in world.mail.taken}
    assert len(people) == PEOPLE  # nobody was forgotten
    assert world.query(WAITING) == [(0,)]
    taken = world.mail.times_taken
    assert len(taken) == PEOPLE  # every copy carries the one Message-ID of its mail
    doubled = Counter({message_id: n - 1 for message_id, n in taken.items() if n > 1})
    assert doubled <= in_the_window
    assert sum(doubled.values()) <= KILLS * 2  # two processes at work, one mail in hand each
    assert all(b"/check-ins/answer/" in content for _id, _to, content in world.mail.taken)


def kill_in_the_middle(world, chance):
    """Start a worker, wait until it sends, and kill it and its children at a random moment."""
    before = len(world.mail.taken)
    worker = world.product.worker()
    try:
        servers.wait_until(
            lambda: len(world.mail.taken) > before or world.query(SENT)[0][0] == PEOPLE,
            seconds=90,
            what="the worker to send",
        )
        time.sleep(chance.uniform(0, 0.6))
    finally:
        worker.kill()
    world.settle()


def taken_but_not_sent(world):
    rows = world.query("SELECT message_id FROM common_outboxmessage WHERE state = 'sent'")
    sent = {message_id for (message_id,) in rows}
    # How many copies of each: a mail that two kills hit was taken twice and counts twice.
    return Counter({one: n for one, n in world.mail.times_taken.items() if one not in sent})


def figures(world, in_the_window, seconds):
    taken = world.mail.times_taken
    return (
        f"{PEOPLE} check-ins, {KILLS} kills, {seconds:.0f} s: lost {PEOPLE - len(taken)}, "
        f"doubled {sum(taken.values()) - len(taken)}, "
        f"kills between reply and commit {sum(in_the_window.values())}"
    )


class Browser:
    """Just enough of one: a session cookie, forms with their token, no redirects followed."""

    def __init__(self, port, session):
        self.base = f"http://127.0.0.1:{port}"
        self.cookies = {"sessionid": session}

    def get(self, path):
        return self._open(urllib.request.Request(self.base + path))

    def post(self, path, page, **fields):
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page).group(1)
        data = urllib.parse.urlencode(fields | {"csrfmiddlewaretoken": token}).encode()
        return self._open(urllib.request.Request(self.base + path, data))

    def _open(self, request):
        request.add_header("Cookie", "; ".join(f"{k}={v}" for k, v in self.cookies.items()))
        opener = urllib.request.build_opener(_StayHere)
        try:
            answer = opener.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            for header in answer.headers.get_all("Set-Cookie") or []:
                for name, morsel in SimpleCookie(header).items():
                    self.cookies[name] = morsel.value
            return answer.status, answer.read().decode()


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


@pytest.mark.parametrize("down", ["redis", "mail"])
def test_pages_work_without_queue_or_mail_server_and_mail_catches_up(world, down):
    found = json.loads(world.product.scenario("pair"))
    page = f"/mentorships/{found['pair']}/"
    port = servers.free_port()
    web = world.product.web(port)
    worker = world.product.worker()
    try:
        browser = Browser(port, found["session"])
        status, html = browser.get(page)  # a connection to the queue may be open from now on
        assert status == 200
        getattr(world, down).stop()
        began = time.monotonic()
        status, _ = browser.post(f"{page}messages/", html, body="Are you there?")
        assert status == 302
        assert time.monotonic() - began < 15
        status, html = browser.get(page)
        assert status == 200
        assert "Are you there?" in html
        time.sleep(3)  # the scheduler's seconds pass, and nothing is lost or given up
        assert world.query(WAITING) == [(1,)]
        assert not world.mail.taken

        getattr(world, down).start()
        # One failed attempt waits two minutes for the next; here the clock is moved instead.
        world.query("UPDATE common_outboxmessage SET lease_until = NULL")
        servers.wait_until(lambda: world.mail.taken, seconds=90, what="the mail to catch up")
        assert [to for _id, to, _content in world.mail.taken] == ["mentor@example.org"]
    finally:
        worker.kill()
        web.kill()
