"""References are read as scholars write them: each case of `references.toml` and `schemes.toml` in
`tests/cases`, and real ones by hand."""

from __future__ import annotations

import importlib.util
import json
import random
import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citekit import locators, record
from citekit.archives import AmbiguousArchiveError, shipped
from citekit.errors import Where
from citekit.references import LONGEST, Reading, read
from citekit.shelfmark import LABELS, Form, Script, Shelfmark, fold, format_mark, format_reference
from tests.growth import LINEAR, growth_of_reading
from tests.shared import ROOT, shared_lines
from tests.strategies import forms, opis_scheme, shelfmarks, ugly_text

CASES = [
    case
    for name in ("references", "schemes")
    for case in tomllib.loads((ROOT / "tests" / "cases" / f"{name}.toml").read_text(encoding="utf-8"))["case"]
]
TEXTS = [case["text"] for case in CASES]
RATCHET = 0.97  # of the real strings have every level right; it only goes up


def tables(text: str) -> list[dict[str, Any]]:
    """The locations that are read from *text*."""
    return [dict(table) for table in read(text, shipped()).locations]


@pytest.mark.parametrize("case", CASES, ids=TEXTS)
def test_a_reference_is_read(case: dict[str, Any]) -> None:
    found = read(case["text"], shipped())
    assert [dict(table) for table in found.locations] == case["locations"]
    assert (found.title, found.unread) == (case.get("title", ""), case.get("unread", ""))


def corpus() -> ModuleType:
    """The report of `make corpus` as a module."""
    spec = importlib.util.spec_from_file_location("corpus", ROOT / "bench" / "corpus.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_real_references_are_read_as_by_hand() -> None:
    found = corpus().score(shared_lines("archival/shelfmarks.jsonl"))
    assert found.share() >= RATCHET, found.misses


# What nobody can know is not guessed


def test_a_siglum_that_archives_share_stays_as_it_is() -> None:
    assert tables("NA, RG 59, box 5") == [{"archive": "NA", "record_group": "59", "box": "5"}]
    with pytest.raises(AmbiguousArchiveError):
        shipped().find("NA")


def test_what_cannot_be_typed_is_kept_and_told() -> None:
    words = "the blue folder on the second shelf"
    assert read(words, shipped()) == Reading(({"shelfmark": words},), "", words)
    assert read("", shipped()) == Reading()


def test_what_is_no_reference_for_its_length_is_not_read() -> None:
    text = "f. 1, " * LONGEST
    assert read(text, shipped()) == Reading(unread=text)


# Nothing is lost and nothing is added: the words of a reading are those of the line, up to labels, and to zeros that
# are letters; what a later shelfmark shares with the one before is not written again

LABEL_WORDS = {fold(word) for word in LABELS} | {
    fold(word) for archive in shipped().all() for level in archive.scheme.levels for mark in level.all_marks()
    for word in re.findall(r"[^\W\d_]+", mark)
}  # fmt: skip
# "акруш" is how one of the real ones spells аркуш; "Rs." is a verso, which the levels of Germany print as v
LITTLE = LABEL_WORDS | set(
    "and и or ed khr ед хр no nos nr record group актовий запис arkiv акруш folder folders files see source "
    "also далее und on rs microfilm edinitsa khraneniia единица хранения".split()
)


def words_of(text: str) -> Counter[str]:
    """The words and figures of *text* without labels."""
    text = re.sub(r"\b([FC])0(?=\d{3}/)", r"\1O ", text)
    found = re.findall(r"\d+|[^\W\d_]+", text.casefold())
    return Counter(word for word in found if word not in LITTLE)


def written(reading: Reading) -> str:
    """All that is in *reading*; levels that are the same as in the location before stand there only once."""
    pieces, before = [reading.title, reading.unread], dict[str, Any]()
    for table in reading.locations:
        unread = table.get("shelfmark") in (reading.unread,)
        pieces += [value for name, value in table.items() if before.get(name) != value and not unread]
        pieces += [table["archive"]] if unread and "archive" in table else []
        before = dict(table)
    return " ".join(pieces)


def assert_nothing_is_lost(text: str) -> None:
    found, said = words_of(written(read(text, shipped()))), words_of(text)
    assert found.keys() >= said.keys(), said - found
    assert not found - said, found - said


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_of_a_reference_is_lost(text: str) -> None:
    assert_nothing_is_lost(text)


def test_nothing_of_a_real_reference_is_lost() -> None:
    for line in shared_lines("archival/shelfmarks.jsonl"):
        assert_nothing_is_lost(line["text"])


def printed(table: Mapping[str, Any], form: Form) -> str:
    """A location in one line, by its archive's scheme."""
    found, _ = record.parse("key", {"title": "A", "location": [table]}, shipped(), lambda _: Where(""))
    if not found or not found.locations[0].mark:
        return ""
    place = found.locations[0]
    assert place.mark
    first = place.scheme.level(place.mark.parts[0].level)
    mark = format_mark(place.mark, place.scheme, form)
    return format_reference(
        place.archive, mark, marked=bool(first.marks) and not first.after, scheme=place.scheme, form=form
    )


def meaning(table: Mapping[str, Any]) -> dict[str, Any]:
    """The levels of *table*; leaves by what they mean."""
    found: dict[str, Any] = {}
    for name, value in table.items():
        if name not in ("archive", "note", "file_title", "fond_title"):
            leaf = name in ("list", "page", "folio", "blatt", "karta", "fila", "fleta", "frame")
            found[name] = locators.parse(value).ranges if leaf else re.sub(r"[\W_]", "", value)
    return found


SOVIET = {"fond", "opis", "delo", "list"}


@pytest.mark.parametrize("script", ["Latn", "Cyrl"])
@pytest.mark.parametrize("text", TEXTS)
def test_what_is_read_and_printed_reads_again(text: str, script: Script) -> None:
    """Of archives of the Soviet kind, whose levels all have marks."""
    for table in tables(text):
        if SOVIET & table.keys() and not {"series", "item", "orzesi_egyseg"} & table.keys():
            line = printed(table, Form(script))
            if line:  # an archive that several sigla could mean prints nothing
                assert [meaning(again) for again in tables(line)] == [meaning(table)], line


@given(st.data(), forms)
def test_any_shelfmark_of_an_archive_is_read(data: st.DataObject, form: Form) -> None:
    scheme = opis_scheme()
    mark = data.draw(shelfmarks(scheme).filter(lambda mark: mark.get("fond") and mark.get("delo")))
    siglum = "РГАСПИ" if form.script == "Cyrl" else "RGASPI"
    line = format_reference(siglum, format_mark(mark, scheme, form), marked=True, form=form)
    assert tables(line)[0]["archive"] == siglum
    assert Shelfmark(mark.parts).get("fond")


# No text is too ugly


@given(ugly_text)
def test_any_text_is_read(text: str) -> None:
    for table in read(text, shipped()).locations:
        assert all(isinstance(value, str) and value == value.strip() and value for value in table.values())


def test_any_mixture_of_pieces_is_read_into_tables_of_a_record() -> None:
    """Leaves are such that a record can hold them."""
    chance = random.Random(5)
    pieces = [word for text in TEXTS for word in text.split()]
    for _ in range(600):
        text = chance.choice([" ", "", ", "]).join(chance.choices(pieces, k=chance.randrange(1, 9)))
        for table in tables(text):
            found, issues = record.parse("key", {"title": "A", "location": [table]}, shipped(), lambda _: Where(""))
            assert found or [issue.code for issue in issues if issue.level == "error"] == ["C006"], (
                text,
                table,
                issues,
            )


HOSTILE = (
    *",.a1[(“\"-/A №",
    "f. ", "f. 1, ", "l. 5, ", "a. ", "1 ", " (f.)", "; ", "f. 1; ", "& ", "RGASPI, ", "Archive ", "(RGASPI) ",
    "12. lp., ", "Ibid. ", "no. 5 ", "F-6", "711.94/3-2 ", "Box 5, ", "FO 371/1; ", "Papers, ", "a, ", "x(y) ", "1/",
    "д.1.2 л", "«a» ", "1, ", " / A, B", "Fond a, ", "f. f. ",
)  # fmt: skip


@pytest.mark.parametrize("start", ["RGASPI, ", "TNA, ", ""])
@pytest.mark.parametrize("piece", HOSTILE)
def test_a_long_reference_takes_no_more_than_its_share(piece: str, start: str) -> None:
    count = 1_200 // len(piece)
    assert growth_of_reading(lambda text: read(start + text, shipped()), piece, count) < LINEAR


def test_the_cases_hold_every_table_once() -> None:
    assert len(set(TEXTS)) == len(TEXTS) > 200
    assert json.dumps(CASES)
