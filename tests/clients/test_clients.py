"""Every sample and every hostile record comes through the programs that read exports. `make clients` runs this.

All records go through a program in one run. What a program that is at fault loses is in tests/clients/faults.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

import pytest

from citekit.targets import TARGETS
from tests.clients import facts, faults, judge, programs, survey
from tests.clients.sources import everything, exported, has

pytestmark = pytest.mark.clients

T = TypeVar("T")
READ = [(name, form) for name, client in programs.READERS.items() for form in client.formats]
PRINTED = [(name, form) for name, client in programs.PRINTERS.items() for form in client.formats]
ROWS = [(form, name) for form in facts.BEST for name in survey.clients(form)]


def asked(question: Callable[..., T], *words: object) -> T:
    """The answer; a program that is not there skips the test."""
    try:
        return question(*words)
    except programs.Missing as missing:
        pytest.skip(str(missing))


def written(form: str, program: str = "", target: str = "") -> str:
    """All records in *form*, for *target*, but those that *program* cannot read; a format that is not there skips the
    test."""
    if not has(form):
        pytest.skip(f"citekit does not write {form} yet")
    left_out = faults.left_out(program, form)
    return exported(form, [record for record in everything() if record.key not in left_out], target)


@pytest.mark.parametrize(("program", "form"), READ)
def test_every_record_comes_through(program: str, form: str) -> None:
    entries = asked(programs.READERS[program].read, form, written(form, program))
    left_out = faults.left_out(program, form)
    records = [record for record in everything() if record.key not in left_out]
    if program in programs.KEYLESS:
        assert len(entries) == len(records)
    else:
        assert faults.told(judge.unread(records, entries), program, form) == []


@pytest.mark.parametrize(("program", "form"), PRINTED)
def test_every_record_is_printed(program: str, form: str) -> None:
    lines = asked(programs.PRINTERS[program].lines, form, written(form))
    found = judge.unprinted(everything(), lines, months=program not in programs.YEARS_ONLY)
    assert faults.told(found, program, form) == []


# The programs that `--for` writes for, as far as they can be run, with the formats that it has for them
MADE_FOR = {
    "pandoc": ("pandoc 2", "pandoc 3", "pandoc 2, Chicago notes", "pandoc 3, Chicago notes"),
    "better-bibtex": ("bibtex-parser",),
    "jabref": ("JabRef",),
    "zotero": tuple(name for name in programs.PRINTERS if name.startswith("citeproc-js")),
    "biblatex-chicago": ("biber, chicago",),
}
TARGETED = [
    (target, program, form)
    for target, names in MADE_FOR.items()
    for program in names
    for form in TARGETS[target].formats
    if form in (programs.READERS.get(program) or programs.PRINTERS[program]).formats
]


@pytest.mark.parametrize(("target", "program", "form"), TARGETED)
def test_what_is_written_for_a_program_loses_no_more_there(target: str, program: str, form: str) -> None:
    text, left_out = written(form, program, target), faults.left_out(program, form)
    records = [record for record in everything() if record.key not in left_out]
    if program in programs.READERS:
        lost = judge.unread(records, asked(programs.READERS[program].read, form, text))
    else:
        lines = asked(programs.PRINTERS[program].lines, form, text)
        lost = judge.unprinted(records, lines, months=program not in programs.YEARS_ONLY)
    never = faults.not_held(program, form)
    assert {(key, what) for key, what in lost if what not in never} <= faults.expected(program, form)


UNREADABLE = [
    (program, form, key)
    for fault in faults.UNREADABLE
    for program in fault.programs
    for form in fault.forms
    for key in fault.keys
]


@pytest.mark.parametrize(("program", "form", "key"), UNREADABLE)
def test_a_record_that_is_left_out_is_still_unreadable(program: str, form: str, key: str) -> None:
    written(form)
    (record,) = [record for record in everything() if record.key == key]
    with pytest.raises(programs.Failed):
        asked(programs.READERS[program].read, form, exported(form, [record]))


# What biber's data model does not know, or not for @unpublished: TeX ignores it, and others read it. What a record does
# not say cannot be written.
ALLOWED = re.compile(
    r"Field '(?:archive|archivelocation|citekit)' invalid in data model"
    r"|Invalid field '(?:translator|editora|editoratype|origlanguage)' for entrytype 'unpublished'"
    r"|Missing mandatory field '(?:author|editor|booktitle|institution)'"
    r"|Missing mandatory field - one of 'date, year'"
)


def test_biber_finds_nothing_in_our_fields_but_what_is_meant() -> None:
    text = written("biblatex")
    assert [line for line in asked(programs.validated, "biblatex", text) if not ALLOWED.search(line)] == []


@pytest.mark.parametrize(("form", "program"), ROWS)
def test_as_many_facts_arrive_as_by_the_best_mapping_by_hand(form: str, program: str) -> None:
    if not has(form):
        pytest.skip(f"citekit does not write {form} yet")
    row = asked(survey.row, form, program)
    assert len(row.ours) >= len(row.best), f"not there: {facts.lost(row.ours)}; by hand: {facts.lost(row.best)}"
    assert len(row.ours) >= facts.PUBLISHED.get((form, program), 0), f"not there: {facts.lost(row.ours)}"
