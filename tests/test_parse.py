"""`citekit parse`: each line is read as what it is, or says why not; and leaves and pages behind the key of a note."""

from __future__ import annotations

import io
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citekit.archives import shipped
from citekit.cli import parse
from tests.conftest import Run
from tests.shared import shared_lines

KINDS = ("citation", "shelfmark", "locator", "date", "name")


def objects(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


# How a line is read: text, kind, and the fields as a record's file has them

LEAVES = {"archive": "RGASPI", "fond": "17", "opis": "114", "delo": "265", "list": "9"}
READ: list[tuple[str, str, dict[str, Any]]] = [
    ("19 November 1945", "date", {"date": "1945-11-19"}),
    ("25 октября (7 ноября) 1917 г.", "date", {"date": "1917-10-25", "calendar": "julian"}),
    ("1945-11", "date", {"date": "1945-11"}),
    ("б. д.", "date", {"date_note": "б. д."}),
    ("l. 9", "locator", {"list": "9"}),
    ("лл. 5–6 об.", "locator", {"list": "5-6ob."}),
    ("pp. 7-9", "locator", {"page": "7-9"}),
    ("160-163", "locator", {"list": "160-163"}),
    ("Molotov, Viacheslav", "name", {"name": "Molotov, Viacheslav"}),
    ("В. М. Молотов", "name", {"name": "Молотов, В. М."}),
    ("V. M. Molotov and W. Averell Harriman", "name", {"names": ["Molotov, V. M.", "Harriman, W. Averell"]}),
    ("Translated by Gary Goldberg.", "name", {"people": {"translator": ["Goldberg, Gary"]}}),
    ("RGASPI, f. 17, op. 114, d. 265, l. 9", "shelfmark", {"location": [LEAVES]}),
    ("РГАСПИ. Ф. 17. Оп. 114. Д. 265. Л. 9", "shelfmark", {"location": [LEAVES | {"archive": "РГАСПИ"}]}),
    ("РГАСПИ", "shelfmark", {"location": [{"archive": "РГАСПИ"}]}),
    ("f. 17", "shelfmark", {"location": [{"fond": "17"}]}),
    (
        "RGASPI, f. 17, op. 114, d. 265, l. 9; op. 3, d. 857, l. 2",
        "shelfmark",
        {"location": [LEAVES, LEAVES | {"opis": "3", "delo": "857", "list": "2"}]},
    ),
    (
        "“Letter to Moscow,” July 04, 1949, RGASPI, f. 17, op. 114, d. 265, l. 9. Translated by Gary Goldberg.",
        "citation",
        {
            "title": "Letter to Moscow",
            "date": "1949-07-04",
            "people": {"translator": ["Goldberg, Gary"]},
            "location": [LEAVES],
        },
    ),
    ("Письмо // РГАСПИ. Ф. 17. Оп. 114. Д. 265. Л. 9", "citation", {
        "title": "Письмо", "location": [LEAVES | {"archive": "РГАСПИ"}]
    }),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "table"), READ, ids=[text for text, *_ in READ])
def test_a_line_is_read_as_what_it_looks_like_and_as_what_it_is_called(
    run: Run, nowhere: Path, text: str, kind: str, table: dict[str, Any]
) -> None:
    answer = {"text": text, "kind": kind, "record" if kind == "citation" else "value": table, "unread": ""}
    answer |= {"printed": text} if kind == "shelfmark" else {}
    for arguments in (("parse", text), ("parse", text, "--kind", kind)):
        outcome = run(*arguments)
        assert (outcome.code, outcome.stderr) == (0, "")
        assert objects(outcome.stdout) == [answer]


def test_most_strings_of_the_literature_look_like_what_they_are() -> None:
    registry = shipped()
    marks = [parse.kind_of(case["text"], registry) for case in shared_lines("archival/shelfmarks.jsonl")]
    cited = [parse.kind_of(case["citation"], registry) for case in shared_lines("archival/wcda-citations.jsonl")]
    assert marks.count("shelfmark") > 0.9 * len(marks)
    assert cited.count("citation") > 0.9 * len(cited)


# Lines that cannot be read


@pytest.mark.parametrize("kind", KINDS)
def test_a_line_that_cannot_be_read_says_so_and_the_others_are_read(run: Run, nowhere: Path, kind: str) -> None:
    good = {kind_: text for text, kind_, _ in READ}[kind]
    outcome = run("parse", "-", "--kind", kind, stdin=f"{good}\n\n  \n,\n{good}\n")
    first, bad, last = objects(outcome.stdout)
    assert (outcome.code, outcome.stderr) == (1, "")
    assert first == last
    assert bad.pop("error")
    assert {**bad, "hint": ""} == {"text": ",", "kind": kind, "hint": ""}


def test_an_unknown_kind_is_named_with_the_nearest(run: Run, nowhere: Path) -> None:
    assert run("parse", "x", "--kind", "shelf") == (2, "", "error: no kind 'shelf'\nhint: did you mean shelfmark?\n")


def test_what_is_not_understood_is_told_beside_what_is(run: Run, nowhere: Path) -> None:
    (found,) = objects(run("parse", "--kind", "shelfmark", "xyzzy 5 ?!, RGASPI, f. 17").stdout)
    assert found["value"]["location"][-1]["fond"] == "17"
    assert "xyzzy" in found["unread"]


def test_bytes_that_are_no_text_are_an_error_of_their_line(run: Run, nowhere: Path) -> None:
    outcome = run("parse", "-", "--kind", "locator", stdin=b"\xef\xbb\xbfl. 5\r\nl. \xff\nl. 6")
    assert outcome.code == 1
    first, bad, last = objects(outcome.stdout)
    assert (first["text"], first["value"], last["value"]) == ("l. 5", {"list": "5"}, {"list": "6"})
    assert bad["error"] == "byte 0xff is not UTF-8"


# Where lines come from


def test_lines_come_from_a_file_a_text_or_standard_input(run: Run, nowhere: Path) -> None:
    text = "l. 5\nl. 6\n"
    Path("notes.txt").write_text(text, encoding="utf-8")
    Path("1945").mkdir()
    outcomes = {run("parse", *arguments, stdin=text).stdout for arguments in (("notes.txt",), (text,), ("-",))}
    assert len(outcomes) == 1
    assert objects(run("parse", "1945").stdout)[0]["kind"] == "date"


@pytest.mark.parametrize("text", ["l. 5\0", "l. 5" + " " * 5000])
def test_a_text_that_can_be_no_file_is_a_text(run: Run, nowhere: Path, text: str) -> None:
    assert run("parse", text, "--kind", "locator").stdout


def test_a_file_that_is_not_there_is_said(run: Run, nowhere: Path) -> None:
    assert run("parse", "notes.txt") == (7, "", "error: cannot read notes.txt: no such file or directory\n")


def test_a_siglum_that_several_archives_share_is_one_all_the_same(run: Run, nowhere: Path) -> None:
    (found,) = objects(run("parse", "NA").stdout)
    assert (found["kind"], found["value"]) == ("shelfmark", {"location": [{"archive": "NA"}]})


def test_archives_of_the_library_are_known(run: Run, library: Path) -> None:
    own = '[[archive]]\nkey = "MUM"\nsigla = ["MUM"]\nname = "My Uncle\'s Museum"\ncountry = "RU"\nscheme = "opis"\n'
    (library / "records" / "_archives.toml").write_text(own, encoding="utf-8")
    (found,) = objects(run("parse", "MUM, f. 5, op. 1").stdout)
    assert found["value"] == {"location": [{"archive": "MUM", "fond": "5", "opis": "1"}]}


class Endless(io.RawIOBase):
    """A stream of *size* bytes without a line feed, and then a line."""

    def __init__(self, size: int) -> None:
        self.left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = min(len(buffer), self.left)
        if not count:
            return 0
        self.left -= count
        buffer[:count] = b"5" * count if self.left else b"5" * (count - 5) + b"\nl. 5"
        return count


def test_memory_does_not_grow_with_a_stream() -> None:
    tracemalloc.start()
    lines = [
        parse.read(line, "locator", shipped()) for line in parse._of_stream(io.BufferedReader(Endless(50_000_000)))
    ]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [line.get("error") for line in lines] == ["the line has more than 1,048,576 bytes", None]
    assert len(lines[0]["text"]) == 200
    assert peak < 20_000_000


@settings(deadline=None)
@given(st.text() | st.sampled_from([text for text, *_ in READ]), st.sampled_from(["", *KINDS]))
def test_any_line_is_read_or_says_why_not(text: str, kind: str) -> None:
    found = parse.read(text.encode("utf-8", "replace"), kind, shipped())
    assert "error" in found or "unread" in found
    assert "error" not in found or found.get("unread", text.strip()).strip(" .,;") == text.strip().strip(" .,;")
    assert json.loads(json.dumps(found, default=str))["text"] == text.encode("utf-8", "replace").decode().strip()


# Leaves and pages behind the key of a note

KEY = "molotov-harriman-1945-11-19"
SHELFMARK = "f. 558, op. 11, d. 98"
CITED = {
    "chicago-notes-bibliography": {"l": f"{SHELFMARK}, ll. 5–6ob., RGASPI", "p": "p. 7, RGASPI"},
    "chicago-notes-bibliography-archive-place-first": {"l": f"{SHELFMARK}, ll. 5–6ob., http", "p": "0163, p. 7, http"},
    "chicago-author-date": {"l": "(Molotov 1945, ll. 5–6ob.)", "p": "(Molotov 1945, 7)"},
    "chicago-author-date-archive-place-first": {"l": "(Molotov 1945, ll. 5–6ob.)", "p": "(Molotov 1945, 7)"},
    "wilson-center": {"l": f"RGASPI, {SHELFMARK}, ll. 5-6ob. Contr", "p": f"RGASPI, {SHELFMARK}, p. 7. Contr"},
    "wilson-center-old": {"l": f"RGASPI: {SHELFMARK}, ll. 5-6ob. Contr", "p": f"RGASPI: {SHELFMARK}, p. 7. Contr"},
}  # fmt: skip


@pytest.mark.parametrize("style", CITED)
@pytest.mark.parametrize("locator", ["l.5-6ob", "лл. 5–6 об.", "ll. 5-6ob.", "p.7", "С. 7"])
def test_leaves_and_pages_are_printed_as_the_style_prints_them(
    run: Run, library: Path, style: str, locator: str
) -> None:
    outcome = run("cite", f"{KEY}@{locator}", "--style", style)
    assert (outcome.code, outcome.stderr) == (0, "")
    assert CITED[style]["p" if "7" in locator else "l"] in outcome.stdout
    assert "line" not in outcome.stdout
