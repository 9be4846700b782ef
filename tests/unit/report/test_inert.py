import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from export_contracts.report.inert import inert


def test_what_moves_a_terminal_is_shown_instead():
    assert inert("\x1b[2J") == "\\x1b[2J"
    assert inert("a\nb\r\tc") == "a\\nb\\r\\tc"
    assert inert("abc\u202edef\u2066") == "abc\\u202edef\\u2066"
    assert inert("\u200b\ufeff\u2028") == "\\u200b\\ufeff\\u2028"
    assert inert("\ud800") == "\\ud800"
    assert inert("\x9b31m") == "\\x9b31m"
    assert inert("\U000e0041") == "\\U000e0041"


def test_what_people_write_is_left_alone():
    assert inert("Übertragung “fertig” – 完了 → ok 😀") == "Übertragung “fertig” – 完了 → ok 😀"


def test_long_strings_are_cut_and_say_so():
    assert inert("x" * 700) == "x" * 600 + "… (100 more characters)"


@given(st.text(alphabet=st.characters(exclude_categories=[])))
def test_no_hidden_character_ever_comes_through(text):
    shown = inert(text)
    assert not any(unicodedata.category(one) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for one in shown)
    shown.encode("utf-8")
