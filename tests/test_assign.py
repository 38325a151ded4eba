"""Changes as people type them: what is read, what becomes of the record, and what is said where it cannot be."""

from __future__ import annotations

import tomllib
from contextlib import suppress
from pathlib import Path as Folder
from unicodedata import is_normalized

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citekit.assign import Assignment, Operator, assigned, read
from citekit.edits import Path
from citekit.errors import CitekitError, UsageError
from tests.conftest import Run, Write

LEVELS = ("fond", "opis", "delo", "list")


@pytest.mark.parametrize(
    ("word", "path", "operator", "value"),
    [
        ("title=T", ("title",), "=", "T"),
        ("title=", ("title",), "=", ""),
        ("title==T", ("title",), "=", "=T"),
        ("title= T ", ("title",), "=", " T "),
        (" title =T", ("title",), "=", "T"),
        ("title=a\nb=c", ("title",), "=", "a\nb=c"),
        ("tags+=a+=b", ("tags",), "+=", "a+=b"),
        ("tags -=a", ("tags",), "-=", "a"),
        ("tags:=[1]", ("tags",), ":=", "[1]"),
        ("a-b=c", ("a-b",), "=", "c"),
        ("a-=b", ("a",), "-=", "b"),
        ("a--=b", ("a-",), "-=", "b"),
        ("people.author=X", ("people", "author"), "=", "X"),
        ("location.1.delo=98", ("location", 0, "delo"), "=", "98"),
        ("location.10.delo=98", ("location", 9, "delo"), "=", "98"),
        ("csl.01=x", ("csl", "01"), "=", "x"),  # a number is written as people count
        ("csl.12345=x", ("csl", "12345"), "=", "x"),
        ('csl."1"=x', ("csl", "1"), "=", "x"),
        ('csl."0"=x', ("csl", "0"), "=", "x"),
        ('csl."a.b=c"=x', ("csl", "a.b=c"), "=", "x"),
        ('csl . "a b" . c d = x', ("csl", "a b", "c d"), "=", " x"),
        ('"x.y"+=z', ("x.y",), "+=", "z"),
        ("1=x", ("1",), "=", "x"),  # at the top there are only names
        ("ключ.ф=Ф", ("ключ", "ф"), "=", "Ф"),
        ("title=e\u0301", ("title",), "=", "é"),
    ],
)
def test_an_assignment_is_read(word: str, path: Path, operator: Operator, value: str) -> None:
    assert read(word) == Assignment(path, operator, value)


@pytest.mark.parametrize(
    "word", ["", "title", "=x", " =x", "+=x", ".=x", "..=x", ".a=x", "a.=x", "a..b=x", '"a=x', 'a"b=x']
)
def test_what_is_no_assignment_changes_nothing(word: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(word)
    assert caught.value.message == f"{word!r} changes nothing"
    assert caught.value.hint.startswith("a change is FIELD=VALUE: title='Memorandum'")


@given(st.text() | st.text("ab.\"'01 +-:="))
def test_any_word_is_an_assignment_or_a_usage_error(word: str) -> None:
    with suppress(UsageError):
        change = read(word)
        assert word.endswith(change.value) or not is_normalized("NFC", word)
        assert isinstance(change.path[0], str)


RECORD = """title = "T"
date = 1949-04-13
number = 7
tags = ["a", "b"]
mine = true

[people]
author = ["Kovalev"]
editor = "Filippov"
translator = [{ family = "Radchenko", given = "Sergey" }]
via = []

[[reprinted]]
text = "one"

[[reprinted]]
text = "two"

[csl]
issued = ["e\u0301", 1949]
"""

ONE = '[[location]]\ndelo = "97"\nmy.own = 1\n'
TABLE = '[location]\ndelo = "97"\n'
INLINE = 'location = [{ delo = "97" }]\n'
NONE = 'title = "T"\n'


@pytest.mark.parametrize(
    ("changes", "before", "after"),
    [
        (["title=x"], RECORD, RECORD.replace('"T"', '"x"')),
        (["title=1950"], RECORD, RECORD.replace('"T"', '"1950"')),
        (["title=x", "title=y", "number=8"], RECORD, RECORD.replace('"T"', '"y"').replace("7", "8")),
        (["title=T"], RECORD, RECORD),
        # types: days and numbers stay what they are
        (["date=1950-02-14"], RECORD, RECORD.replace("1949-04-13", "1950-02-14")),
        (["date=1950"], RECORD, RECORD.replace("1949-04-13", '"1950"')),
        (["date=1950-02-30"], RECORD, RECORD.replace("1949-04-13", '"1950-02-30"')),
        (["online.accessed=2020-01-02"], NONE, f"{NONE}\n[online]\naccessed = 2020-01-02\n"),
        (["online.id=2020-01-02"], NONE, f'{NONE}\n[online]\nid = "2020-01-02"\n'),
        (["number=7.5"], RECORD, RECORD.replace("= 7", "= 7.5")),
        (["number=7a"], RECORD, RECORD.replace("= 7", '= "7a"')),
        (["number=7 # x\ny = 1"], RECORD, RECORD.replace("= 7", '= "7 # x\\ny = 1"')),
        (["number=1949-01-01"], RECORD, RECORD.replace("= 7", '= "1949-01-01"')),
        (["mine=false"], RECORD, RECORD.replace("true", "false")),
        # lists
        (["tags=c"], RECORD, RECORD.replace('["a", "b"]', '["c"]')),
        (["tags=c"], NONE, f'{NONE}tags = ["c"]\n'),
        (["tags.2=c"], RECORD, RECORD.replace('"b"', '"c"')),
        (["tags.3=c"], RECORD, RECORD.replace('"b"', '"b", "c"')),
        (["tags.1="], RECORD, RECORD.replace('"a", ', "")),
        (["tags+=c", "tags-=a"], RECORD, RECORD.replace('"a", "b"', '"b", "c"')),
        (["tags-=a", "tags-=b"], RECORD, RECORD.replace('tags = ["a", "b"]\n', "")),
        (["tags+=a"], NONE, f'{NONE}tags = ["a"]\n'),
        (["people.author+=Mao"], RECORD, RECORD.replace('"Kovalev"', '"Kovalev", "Mao"')),
        (["people.author=Mao"], RECORD, RECORD.replace("Kovalev", "Mao")),
        (["people.author-=Kovalev"], RECORD, RECORD.replace('author = ["Kovalev"]\n', "")),
        (["people.editor+=Mao"], RECORD, RECORD.replace('"Filippov"', '["Filippov", "Mao"]')),
        (["people.editor-=Filippov"], RECORD, RECORD.replace('editor = "Filippov"\n', "")),
        (["people.via+=Mao"], RECORD, RECORD.replace("[]", '["Mao"]')),
        (["people.translator+=Mao"], RECORD, RECORD.replace('"Sergey" }', '"Sergey" }, "Mao"')),
        (["people.translator.1.given=S."], RECORD, RECORD.replace("Sergey", "S.")),
        (["people.author=Mao"], NONE, f'{NONE}\n[people]\nauthor = ["Mao"]\n'),
        (["csl.issued-=e\u0301"], RECORD, RECORD.replace('"e\u0301", ', "")),
        (["csl.new+=x"], NONE, f'{NONE}\n[csl]\nnew = ["x"]\n'),
        # what goes
        (["date="], RECORD, RECORD.replace("date = 1949-04-13\n", "")),
        (["mine="], RECORD, RECORD.replace("mine = true\n", "")),
        (["csl="], RECORD, RECORD[: RECORD.index("[csl]")]),
        (["reprinted.1="], RECORD, RECORD.replace('[[reprinted]]\ntext = "one"\n', "")),
        (["location.delo="], TABLE, "[location]\n"),
        (["location.1="], f"{NONE}{TABLE}", NONE),
        # TOML
        (['tags:=["c"]'], RECORD, RECORD.replace('["a", "b"]', '["c"]')),
        (["number:=0x10 # x"], RECORD, RECORD.replace("= 7", "= 16")),
        (['title:=""'], RECORD, RECORD.replace('"T"', '""')),
        (['csl:={"a.b" = [1, {c = 2}]}'], NONE, f'{NONE}\n[csl]\n"a.b" = [1, {{c = 2}}]\n'),
        (["mine:=1.0"], RECORD, RECORD.replace("true", "1.0")),
        # locations, with a number and without
        (["location.delo=98"], NONE, f'{NONE}\n[[location]]\ndelo = "98"\n'),
        (["location.delo=98", "location.fond=558"], "", '[[location]]\ndelo = "98"\nfond = "558"\n'),
        (["location.delo=98"], ONE, ONE.replace("97", "98")),
        (["location.1.delo=98"], ONE, ONE.replace("97", "98")),
        (["location.2.delo=98"], ONE, f'{ONE}\n[[location]]\ndelo = "98"\n'),
        (["location.my.own=2"], ONE, ONE.replace("1", "2")),
        (["location.my.other=x"], ONE, ONE + 'my.other = "x"\n'),
        (["location.delo=98"], TABLE, TABLE.replace("97", "98")),
        (["location.1.delo=98"], TABLE, TABLE.replace("97", "98")),
        (["location.delo=98"], INLINE, INLINE.replace("97", "98")),
        (["location.opis=2"], INLINE, 'location = [{ delo = "97", opis = "2" }]\n'),
        (["location.2.opis=2"], INLINE, 'location = [{ delo = "97" }, {opis = "2"}]\n'),
        (["location.opis=2"], "location = []\n", 'location = [{opis = "2"}]\n'),
        (["reprinted.2.pages=1-2"], RECORD, RECORD.replace('"two"\n', '"two"\npages = "1-2"\n')),
    ],
)
def test_an_assignment_changes_the_text(changes: list[str], before: str, after: str) -> None:
    assert assigned(before, [read(word) for word in changes], LEVELS) == after


FIELDS = (
    "one of abstract, bibtex, calendar, classification, credits, csl, csv, date, date_note, language, location, note, "
    "number, online, people, published, reprinted, ris, short_title, tags, title, title_kind, titles, type; "
    "others are written in the file by hand, and kept"
)
IN_LOCATION = "one of archive, shelfmark, place, file_title, fond_title, note, copy_of"


@pytest.mark.parametrize(
    ("change", "before", "message", "hint"),
    [
        ("titel=x", RECORD, "no field 'titel'", "did you mean title or titles or title_kind?"),
        ("zzz=x", RECORD, "no field 'zzz'", FIELDS),
        ("people.autor=X", RECORD, "no citation prints the role 'autor'", "did you mean author?"),
        ("location.dello=9", RECORD, "no field 'dello' in location", "did you mean delo?"),
        ("location.zzz=9", RECORD, "no field 'zzz' in location", IN_LOCATION),
        ("location.my.own=9", RECORD, "no field 'my' in location", IN_LOCATION),
        ("online.uri=x", RECORD, "no field 'uri' in online", "did you mean url?"),
        ("csl.0=x", RECORD, "csl.0: entries are counted from 1", ""),
        ("location.0.delo=9", RECORD, "location.0.delo: entries are counted from 1", ""),
        (
            "reprinted.pages=1",
            RECORD,
            "there are 2 tables reprinted",
            "say which: reprinted.1.pages or reprinted.2.pages",
        ),
        ("location.3.delo=9", ONE, "location.3.delo: there is no entry 3", ""),
        ("location.2.delo=9", TABLE, "location.2.delo: there is no entry 2", ""),
        ("location.delo=9", "location = 1\n", "location.1.delo: there is no entry 1", ""),
        ("title.x=1", RECORD, "title.x leads through something that is no table", ""),
        ("title.1=x", RECORD, "title.1: there is no entry 1", ""),
        ("abstract=", RECORD, "there is no abstract to remove", ""),
        ("tags.3=", RECORD, "there is no tags.3 to remove", ""),
        ("title.1=", RECORD, "there is no title.1 to remove", ""),
        ("csl=x", RECORD, "csl is a table", "name a field in it: csl.NAME=…, or csl:=… as TOML"),
        ("online=x", RECORD, "online is a table", "name a field in it: online.NAME=…, or online:=… as TOML"),
        ("location+=x", ONE, "location is a table", "name a field in it: location.NAME=…, or location:=… as TOML"),
        (
            "location.1=x",
            ONE,
            "location.1 is a table",
            "name a field in it: location.1.NAME=…, or location.1:=… as TOML",
        ),
        (
            "people.translator=X",
            RECORD,
            "people.translator holds tables",
            "people.translator.1.NAME=… changes the first, people.translator:=… all as TOML",
        ),
        ("location.2=x", ONE, "location.2 must be a table, as those before it", "location.2.NAME=…"),
        ("title+=x", RECORD, "title is no list", "title=… sets it"),
        ("title-=T", RECORD, "title is no list", "title=… sets it"),
        ("tags+=", RECORD, "tags+= adds nothing", "tags+=VALUE"),
        ("tags-=c", RECORD, "tags has no entry 'c'", "it has 'a', 'b'"),
        ("tags-=c", NONE, "tags has no entry 'c'", "it has nothing"),
        ("csl.issued-=1949", RECORD, "csl.issued has no entry '1949'", "it has 'é'"),
        (
            "people.translator-=Radchenko",
            RECORD,
            "people.translator has no entry 'Radchenko'",
            "people.translator.1= removes its first entry",
        ),
        ("tags:=[", RECORD, "'[' is no TOML value: invalid value", 'tags:=\'["Japan", "Korea"]\''),
        ("title:=T", RECORD, "'T' is no TOML value: invalid value", 'title:=\'["Japan", "Korea"]\''),
        ("tags:=1\ny = 2", RECORD, "'1\\ny = 2' is more than one TOML value", ""),
    ],
)
def test_what_cannot_be_is_said_and_the_file_left_alone(
    change: str, before: str, message: str, hint: str, library: Folder, run: Run, write: Write
) -> None:
    path = write("x", before)
    code, stdout, stderr = run("set", "x", "--", change)
    assert (code, stdout) == (2, "")
    assert stderr == f"error: {message}\n" + f"hint: {hint}\n" * bool(hint)
    assert path.read_bytes() == before.encode()


def test_a_record_that_is_no_toml_is_invalid(run: Run, write: Write) -> None:
    path = write("a", "title = = 1\n")
    outcome = run("set", "a", "title=x")
    assert outcome.code == 3
    assert "records/a.toml:1:9: error C001: not TOML: invalid value" in outcome.stderr
    assert path.read_text(encoding="utf-8") == "title = = 1\n"


def test_all_changes_are_made_or_none(library: Folder, run: Run, write: Write) -> None:
    path = write("x", RECORD)
    assert run("set", "x", "title=x", "tags-=c").code == 2
    assert path.read_text(encoding="utf-8") == RECORD


def test_a_change_is_shown_as_the_lines_that_differ(library: Folder, run: Run, write: Write) -> None:
    write("x", 'title = "T" # c\r\ntags = []\r\n')
    assert run("set", "x", "tags+=a").stdout == (
        "--- a/records/x.toml\n"
        "+++ b/records/x.toml\n"
        "@@ -1,2 +1,2 @@\n"
        ' title = "T" # c^M\n'
        "-tags = []^M\n"
        '+tags = ["a"]^M\n'
    )  # fmt: skip


words = st.builds(
    "{}{}{}".format,
    st.lists(
        st.sampled_from(
            "title date tags people author translator csl issued location delo reprinted text mine 1 2 3".split()
        ),
        min_size=1,
        max_size=3,
    ).map(".".join),
    st.sampled_from(["=", "+=", "-=", ":="]),
    st.text() | st.sampled_from(["", "1", "a", "Kovalev", "1950-02-30", "[1, {a = 2}]", "9" * 5000, "[" * 2000]),
)


@given(st.lists(words, max_size=3), st.sampled_from([RECORD, ONE, TABLE, INLINE, NONE, ""]))
def test_any_assignment_gives_toml_or_an_error_that_can_be_mended(changes: list[str], before: str) -> None:
    with suppress(CitekitError):
        after = assigned(before, [read(word) for word in changes], LEVELS)
        assert isinstance(tomllib.loads(after), dict)
