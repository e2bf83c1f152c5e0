"""The tool that looks for sentences of the source."""

from tests.content.overlap import main, runs, words

SOURCE = words("Een mentor luistert eerst lang en geeft daarna pas een goede raad aan de ander.")


def test_a_run_of_eight_words_is_found_whatever_its_marks():
    text = words("Ik zeg: “een MENTOR luistert eerst, lang en geeft daarna” zelden iets.")
    assert list(runs(SOURCE, text)) == ["een mentor luistert eerst lang en geeft daarna"]


def test_a_longer_run_counts_once_and_seven_words_do_not():
    assert list(runs(SOURCE, SOURCE)) == [" ".join(SOURCE)]
    assert list(runs(SOURCE, SOURCE[:7])) == []


def test_a_source_of_ours_is_found_in_our_files(tmp_path, capsys):
    source = tmp_path / "source.txt"
    source.write_text("Neem de tijd.", encoding="utf-8")
    assert main(str(source)) == 0
    assert "files, 0 runs" in capsys.readouterr().out
