"""Errors and issues say what is wrong, where, and what would be right."""

from __future__ import annotations

import json
import random
import string
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citekit.archives import shipped
from citekit.errors import (
    DEEPEST,
    LARGEST,
    CitekitError,
    Fix,
    Issue,
    ParseError,
    RecordError,
    UsageError,
    Where,
    decoded,
    did_you_mean,
    nearest,
    read_toml,
)
from citekit.store import Store
from tests.strategies import ugly_text

# Places


@pytest.mark.parametrize(
    ("where", "said"),
    [
        (Where("records/mao.toml", 7, 14), "records/mao.toml:7:14"),
        (Where("records/mao.toml", 7), "records/mao.toml:7"),
        (Where("records/mao.toml"), "records/mao.toml"),
        (Where("C:/записи/мао.toml", 1, 1), "C:/записи/мао.toml:1:1"),
    ],
    ids=str,
)
def test_a_place_is_what_an_editor_opens(where: Where, said: str) -> None:
    assert str(where) == said


def test_an_issue_is_one_line_and_plain_json() -> None:
    issue = Issue("C003", "error", "no month 13", Where("mao.toml", 7, 14))
    assert str(issue) == "mao.toml:7:14: error C003: no month 13"
    plain = {"path": "mao.toml", "line": 7, "column": 14, "level": "error", "code": "C003", "message": "no month 13"}
    assert issue.as_json() == plain
    assert json.loads(json.dumps(issue.as_json())) == plain


def test_what_an_issue_does_not_know_is_left_out_of_its_json() -> None:
    issue = Issue("C008", "warning", "no title", Where("mao.toml"), "write one", Fix("mao", ("title",), "T"))
    said = {"level": "warning", "code": "C008", "message": "no title", "hint": "write one", "fixable": True}
    assert issue.as_json() == {"path": "mao.toml", **said}


def test_a_record_error_stands_where_its_first_issue_does() -> None:
    issues = tuple(Issue("C003", "error", "wrong", Where("mao.toml", line)) for line in (3, 7))
    assert RecordError("wrong", issues).where == Where("mao.toml", 3)
    assert RecordError("wrong", issues).issues == issues
    assert RecordError("wrong", ()).where is None


CARETS: list[tuple[str, tuple[int, int], str, str]] = [
    ("1949-13", (5, 7), "1949-13", "     ^~"),
    ("1949-13", (0, 7), "1949-13", "^~~~~~~"),
    ("1949-13", (7, 8), "1949-13", "       ^"),
    ("1949-13", (3, 3), "1949-13", "   ^"),
    ("", (0, 1), "", "^"),
    ("a\nbcd\ne", (3, 4), "bcd", " ^"),
    ("a\nbcd\ne", (2, 99), "bcd", "^~~"),
    ("a\r\nbcd\r\ne", (4, 8), "bcd", " ^~"),
    ("\tx\ty", (3, 4), " x y", "   ^"),
    ("Молотов,", (7, 8), "Молотов,", "       ^"),
]


@pytest.mark.parametrize(
    ("text", "span", "line", "mark"), CARETS, ids=[f"{text!r} {span}" for text, span, *_ in CARETS]
)
def test_a_caret_stands_under_the_place(text: str, span: tuple[int, int], line: str, mark: str) -> None:
    assert ParseError("wrong", text, span).caret() == f"    {line}\n    {mark}"


def test_a_long_line_is_cut_round_the_caret() -> None:
    text = "a" * 500 + "WRONG" + "b" * 500
    line, mark = ParseError("wrong", text, (500, 505)).caret(width=20).split("\n")
    assert (line, mark) == ("    " + "a" * 10 + "WRONG" + "b" * 5, "    " + " " * 10 + "^~~~~")
    line, mark = ParseError("wrong", text, (500, 1005)).caret(width=20).split("\n")
    assert (len(line), mark) == (24, "    " + " " * 10 + "^" + "~" * 9)


@given(ugly_text, st.integers(0, 60), st.integers(0, 60), st.integers(1, 90))
def test_a_caret_is_two_lines_no_wider_than_asked(text: str, start: int, length: int, width: int) -> None:
    start = min(start, len(text))
    line, mark = ParseError("wrong", text, (start, start + length)).caret(width).split("\n")
    assert max(len(line), len(mark)) <= 4 + width
    place = mark.index("^")
    assert set(mark[4:place]) <= {" "}
    assert set(mark[place + 1 :]) <= {"~"}
    shown = line[place : place + 1]
    assert shown in ("", text[start : start + 1], " ")


# What was meant

NEAREST: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
    ("molotow", ("molotov-1945", "molotov", "stalin"), ("molotov", "molotov-1945")),
    ("MOLOTOV", ("molotov",), ("molotov",)),
    ("chicgo", ("chicago", "mla", "apa"), ("chicago",)),
    ("mol", ("molotov-harriman-1945-11-19", "stalin-mao"), ("molotov-harriman-1945-11-19",)),
    ("записка", ("Записки", "отчёт"), ("Записки",)),
    ("abcd", ("abce", "abcf", "abcg", "abch"), ("abce", "abcf", "abcg")),
    ("xyz", ("molotov",), ()),
    ("x", (), ()),
    ("", ("a", "b"), ()),
    ("a" * 101, ("a" * 101,), ()),
]


@pytest.mark.parametrize(("word", "among", "near"), NEAREST, ids=[word[:12] or "nothing" for word, *_ in NEAREST])
def test_the_nearest_come_first_and_the_far_not_at_all(
    word: str, among: tuple[str, ...], near: tuple[str, ...]
) -> None:
    assert nearest(word, among) == near
    assert did_you_mean(word, among) == (f"did you mean {' or '.join(near)}?" if near else "")


def test_count_and_cutoff_narrow_what_is_near() -> None:
    among = ["abce", "abcf", "abcd", "axxx"]
    assert nearest("abcd", among, 1) == ("abcd",)
    assert nearest("abcd", among, cutoff=0.9) == ("abcd",)
    assert nearest("abcd", among, 9, cutoff=0) == ("abcd", "abce", "abcf", "axxx")


@given(st.text(string.ascii_lowercase + "-", min_size=1, max_size=20), st.lists(ugly_text, max_size=8), st.randoms())
def test_the_nearest_do_not_depend_on_the_order(word: str, others: list[str], chance: random.Random) -> None:
    among = [*others, word]
    first, *_ = nearest(word, among)
    assert first == word
    shuffled = among[:]
    chance.shuffle(shuffled)
    assert nearest(word, shuffled) == nearest(word, among)
    assert set(nearest(word, others)) <= set(others)


# TOML

TOML: dict[str, tuple[str, str]] = {
    "no value": ("title = \n", "1:9: invalid value"),
    "third line": ("a = 1\nb = 2\nc = = 3\n", "3:5: invalid value"),
    "CRLF": ("a = 1\r\nb = 2\r\nc = = 3\r\n", "3:5: invalid value"),
    "a bare CR": ("a = 1\rb = 2\n", "1:6: expected newline"),
    "tabs": ("\t\ta\t=\t=\n", "1:7: invalid value"),
    "Cyrillic before it": ('заметка = "а"\n', "1:1: invalid statement"),
    "Cyrillic in the line": ('a = "Молотов" б\n', "1:15: expected newline"),
    "signs beyond the BMP": ('a = "\U0001f600\U0001f600" = 1\n', "1:10: expected newline"),
    "NUL": ('a = "\x00"\n', "1:6: illegal character '\\x00'"),
    "escape": ('a = "x\x1b[31m"\n', "1:7: illegal character '\\x1b'"),
    "an open string": ('a = 1\ntitle = "T', "2:11: unterminated string"),
    "an open string and a line": ('title = "T\n', "1:11: illegal character '\\n'"),
    "an open list": ("a = [1,\n2\n\n", "2:2: unclosed array"),
    "CRLF to the end": ("a = 1\r\nb = [1\r\n\r\n", "2:7: unclosed array"),
    "a table twice": ("[online]\na = 1\n[online]\n", "3:8: cannot declare ('online',) twice"),
    "a key twice": ("a = 1\na = 2\n", "2:6: cannot overwrite a value"),
    "a day that is none": ("a = 1\ndate = 1949-13-01\n", "2:12: expected newline"),
}  # fmt: skip


@pytest.mark.parametrize("case", TOML)
def test_what_is_no_toml_is_named_with_line_and_column(case: str) -> None:
    text, said = TOML[case]
    with pytest.raises(CitekitError) as caught:
        read_toml("a.toml", text)
    place, _, message = said.partition(": ")
    assert str(caught.value.where) == f"a.toml:{place}"
    assert caught.value.message.removeprefix("not TOML: ").startswith(message)
    assert caught.value.message.startswith("not TOML: ")


def test_an_error_without_a_place_is_named_with_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """No Python that we know words an error so."""

    def loads(_: str) -> None:
        raise tomllib.TOMLDecodeError("Odd")

    monkeypatch.setattr(tomllib, "loads", loads)
    with pytest.raises(CitekitError, match=r"^not TOML: Odd$") as caught:
        read_toml("a.toml", "")
    assert caught.value.where == Where("a.toml")


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", 'a = "Молотов"\r\n[b.c]\r\nd = [1, {e = 1979-05-27}]\r\n'])
def test_what_is_toml_is_read(text: str) -> None:
    assert read_toml("a.toml", text) == tomllib.loads(text)


FIGURES = len(str(2**LARGEST)) - 1
TOO_DEEP = "not TOML that can be read: nested too deep"
TOO_LONG = "not TOML that can be read: a number is too long"
ENDLESS: dict[str, tuple[Callable[[int], str], int, str]] = {
    "lists": (lambda n: "a = " + "[" * n + "]" * n, DEEPEST - 1, TOO_DEEP),
    "lists without an end": (lambda n: "a = " + "[" * n + "]" * n, 50_000, TOO_DEEP),
    "dotted keys": (lambda n: ".".join("a" * n) + " = 1", DEEPEST, TOO_DEEP),
    "figures": (lambda n: "a = " + "9" * n, FIGURES, TOO_LONG),
    "figures without an end": (lambda n: "a = " + "9" * n, 5_000, TOO_LONG),
    "hexadecimal figures": (lambda n: "a = [0x" + "f" * n + "]", LARGEST // 4, TOO_LONG),
}


@pytest.mark.parametrize("case", ENDLESS)
def test_what_python_could_not_carry_on_with_is_refused(case: str) -> None:
    build, most, message = ENDLESS[case]
    with pytest.raises(CitekitError, match=f"^{message}$") as caught:
        read_toml("a.toml", build(most + 1))
    assert caught.value.where == Where("a.toml")
    if "without" not in case:
        assert json.dumps(read_toml("a.toml", build(most)))


@given(ugly_text | st.lists(st.sampled_from(["a", "=", "1", '"', "'", "[", "]", "\n", "\r\n", ".", "{"])).map("".join))
def test_any_text_is_a_table_or_an_error_inside_it(text: str) -> None:
    try:
        table = read_toml("a.toml", text)
    except CitekitError as error:
        where = error.where
    else:
        assert table == tomllib.loads(text)
        return
    assert where is not None
    lines = text.split("\n")
    assert 1 <= where.line <= len(lines)
    assert 1 <= where.column <= len(lines[where.line - 1]) + 1


# The bytes of a record's file

BYTES: dict[str, tuple[bytes, str]] = {
    "BOM": (b"\xef\xbb\xbftitle = = 1\n", "1:9: not TOML: invalid value"),
    "BOM and CRLF": (b"\xef\xbb\xbfa = 1\r\ntitle = = 1\r\n", "2:9: not TOML: invalid value"),
    "not UTF-8": (b'a = 1\ntitle = "caf\xe9"\n', "2:13: byte 0xe9 is not UTF-8"),
    "not UTF-8 behind Cyrillic": ('title = "кафе'.encode() + b'\xe9"\n', "1:14: byte 0xe9 is not UTF-8"),
    "not UTF-8 behind CRLF": (b'a = 1\r\n\r\ntitle = "\xff"\r\n', "3:10: byte 0xff is not UTF-8"),
    "Windows-1251": ('title = "Молотов"\n'.encode("cp1251"), "1:10: byte 0xcc is not UTF-8"),
    "UTF-16": ("title = 'T'".encode("utf-16"), "1:1: byte 0xff is not UTF-8"),
    "NUL": (b'title = "T"\nnote = "\x00"\n', "2:9: not TOML: illegal character '\\x00'"),
}


@pytest.mark.parametrize("case", BYTES)
def test_what_is_no_text_is_named_with_line_and_column(case: str, tmp_path: Path) -> None:
    content, said = BYTES[case]
    path = tmp_path / "bad.toml"
    path.write_bytes(content)
    with pytest.raises(RecordError) as caught:
        Store(tmp_path).load_one("bad", shipped())
    (issue,) = caught.value.issues
    place, _, message = said.partition(": ")
    assert (str(issue.where), issue.message) == (f"{path}:{place}", message)


def test_a_byte_that_is_not_utf_8_has_its_place() -> None:
    with pytest.raises(UsageError, match="byte 0xe9 is not UTF-8") as caught:
        decoded("первая\nвторая ".encode() + b"\xe9t\xe9", "notes.txt")
    assert caught.value.where == Where("notes.txt", 2, 8)
    assert decoded(b"\xef\xbb\xbfa", "") == "a"
