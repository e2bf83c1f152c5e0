from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from reenter.common import clock, schedule


@pytest.fixture
def duties(monkeypatch):
    monkeypatch.setattr(schedule, "_duties", {})
    return schedule


def test_runs_in_order_and_counts(duties):
    ran = []
    duties.each_minute("late", order=90)(lambda: ran.append("late") or 2)
    duties.each_minute("early", order=10)(lambda: ran.append("early") or 1)
    assert duties.run_due() == {"early": 1, "late": 2}
    assert ran == ["early", "late"]


def test_one_failure_does_not_stop_the_others(duties, caplog):
    def broken():
        raise OSError("no disk")

    duties.each_minute("broken", order=10)(broken)
    duties.each_minute("sound", order=20)(lambda: 3)
    assert duties.run_due() == {"broken": -1, "sound": 3}
    assert "duty_failed name=broken" in caplog.text


def test_command_stands_at_the_moment_given(duties, capsys):
    seen = []
    duties.each_minute("look")(lambda: seen.append(clock.now()) or 1)
    call_command("send_due", "--now", "2026-03-29T09:00:00+02:00")
    assert seen == [datetime(2026, 3, 29, 7, tzinfo=UTC)]
    assert "look: 1" in capsys.readouterr().out


def test_command_says_when_a_part_failed(duties):
    def broken():
        raise OSError("no disk")

    duties.each_minute("broken")(broken)
    with pytest.raises(CommandError, match="A part failed"):
        call_command("send_due")


@pytest.mark.parametrize("text", ["tomorrow", "2026-13-45", "2026-02-30T09:00:00"])
def test_command_refuses_what_is_no_moment(duties, text):
    with pytest.raises(CommandError, match="is no moment"):
        call_command("send_due", "--now", text)
