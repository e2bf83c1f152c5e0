import pytest

from handbook.readability import reading_ease, sentences, syllables


@pytest.mark.parametrize(
    ("word", "language", "count"),
    [
        ("mentor", "nl", 2), ("ondernemer", "nl", 4), ("ideeën", "nl", 3), ("mooi", "nl", 1),
        ("nieuwe", "nl", 2), ("organisatie", "nl", 5), ("bijeenkomst", "nl", 3), ("btw", "nl", 1),
        ("mentor", "en", 2), ("business", "en", 2), ("make", "en", 1), ("table", "en", 2),
        ("asked", "en", 1), ("needed", "en", 2), ("people", "en", 2), ("idea", "en", 3),
        ("organisation", "en", 5), ("changes", "en", 2), ("PIN", "en", 1), ("doing", "en", 2),
    ],
)  # fmt: skip
def test_syllables_are_counted(word, language, count):
    assert syllables(word, language) == count


def test_a_line_and_a_full_stop_end_a_sentence_and_a_number_does_not():
    text = "Kom op tijd. Betaal 3.50 euro\nGa door"
    assert sentences(text) == [["Kom", "op", "tijd"], ["Betaal", "euro"], ["Ga", "door"]]


def test_the_formulas_give_the_figures_worked_out_by_hand():
    # 3 words, 1 sentence; 3 syllables in English, 4 in Dutch
    assert reading_ease("The cat sat.", "en") == pytest.approx(206.835 - 1.015 * 3 - 84.6)
    assert reading_ease("Kom nu binnen.", "nl") == pytest.approx(206.84 - 0.93 * 3 - 77 * 4 / 3)


def test_official_prose_falls_below_the_bar():
    dutch = (
        "De belanghebbende organisaties ontwikkelen gepersonaliseerde ondersteuningsprogramma's."
    )
    english = "Organisations develop individualised entrepreneurial capability."
    assert reading_ease(dutch, "nl") < 60
    assert reading_ease(english, "en") < 60
