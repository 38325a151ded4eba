"""One line of `citekit batch`: what it may say, and its answer.

A line is a document of its own: a CSL-JSON item, or `{"id", "cites"}`. It is answered whatever it is; what is wrong
with it, even by a fault of ours, is its answer.
"""

from __future__ import annotations

import codecs
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, NoReturn, TypeAlias

from citekit import locators, writing
from citekit.csl import forget
from citekit.csl.item import Citation, CiteRequest, Item, from_json
from citekit.errors import CitekitError, StorageError, UsageError, did_you_mean, is_too_deep
from citekit.library import STYLE, Library, named
from citekit.markup import to_json, write

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from citekit.record import Record

Line: TypeAlias = tuple[int, bytes | None]  # with its number; None is too large
Lines: TypeAlias = list[Line]

LARGEST = 10_000_000  # bytes of a line
LONG = 50_000
_WORDS = ("locator", "label", "prefix", "suffix", "position", "mode")
_AMONG = {
    "position": ("first", "subsequent", "ibid", "ibid-with-locator"),
    "mode": ("author-only", "suppress-author"),
}


class Answers(NamedTuple):
    """What some lines were answered: JSON Lines, the number of the last line, and the messages of those that failed."""

    text: str
    last: int
    failed: list[tuple[int, str]]


class Desk(Library):
    """A library with one style, compiled, and one markup."""

    def __init__(self, root: Path, style: str, markup: str) -> None:
        """Raises UsageError or StyleError for a style that cannot be used."""
        from citekit.csl import compile_style

        super().__init__(root)
        self.markup = markup
        self.style_named = style or self.setting("style", STYLE)
        chosen = self.chosen(self.style_named)
        with named(self.style_named):
            self.compiled = compile_style(chosen.source)
        self.asks = self.asked(chosen, None)

    def answers(self, lines: Lines) -> Answers:
        """The answers of *lines*, in order."""
        texts, failed = [], []
        for number, line in lines:
            table, message = self.answer(line)
            texts.append(to_json(table) + "\n")
            if len(line or b"") > LONG:  # what is kept for the next line is not worth its memory
                forget()
            if message:
                failed.append((number, message))
        return Answers("".join(texts), lines[-1][0], failed)

    def answer(self, line: bytes | None) -> tuple[dict[str, Any], str]:
        """What is printed for a line, and what is wrong with it."""
        id_ = None
        try:
            table = read(line)
            id_ = table["id"]
            return {"id": id_, **self._set(table)}, ""
        except CitekitError as error:
            message = f"{error.where}: {error.message}" if error.where else error.message
            message += f" ({error.hint})" if error.hint else ""
        except Exception as error:  # a fault of ours in one line must not take the others with it
            message = f"a fault in citekit: {type(error).__name__}: {error}"
        return {"id": id_, "error": message}, message

    def _set(self, table: dict[str, Any]) -> dict[str, str]:
        """The note and the bibliography of a line's document."""
        from citekit.csl import process

        items, requests = self._cited(table)
        with named(self.style_named):
            result = process(self.compiled, _distinct(items), [Citation(1, tuple(requests))])
        note = write(result.notes[0], self.markup)
        entries = [write(text, self.markup) for _, text in result.bibliography]
        if not note and not any(entries):
            raise UsageError("the style prints nothing of it")
        return {"note": note, "bibliography": "\n".join(entries)}

    def _cited(self, table: dict[str, Any]) -> tuple[list[Item], list[CiteRequest]]:
        """The items of a line, those of records last, and how they are cited, in order."""
        records: dict[str, Record] = {}
        items: list[Item] = []
        requests = []
        for number, cite in enumerate(_cites(table), 1):
            words = _words(cite)
            if "item" in cite:
                items.append(_item(cite, number))
                requests.append(CiteRequest(items[-1].id, **words))
            else:
                record, _ = self.record(str(_id(cite)))
                records[record.key] = record
                requests.append(self._request(record, words))
        return [*items, *self.asks.items(records.values(), alone=False)], requests

    def _request(self, record: Record, words: dict[str, Any]) -> CiteRequest:
        """How a record is cited. A locator without a label is read as people type it behind "@"."""
        if "locator" not in words or "label" in words:
            return CiteRequest(record.key, **words)
        at = self.asks.located(record, locators.parse(words["locator"]))
        return replace(at, **{name: word for name, word in words.items() if name != "locator"})


def _item(cite: dict[str, Any], number: int) -> Item:
    """The item that a cite brings along; where it has no id, the cite's *number* is one."""
    if not isinstance(cite["item"], dict):
        raise UsageError('"item" is no object')
    return from_json({"id": cite.get("id", f"#{number}")} | cite["item"])


def _distinct(items: list[Item]) -> list[Item]:
    """Each item once. Raises UsageError where one id stands for two."""
    found: dict[str, Item] = {}
    for item in items:
        if found.setdefault(item.id, item) != item:
            raise UsageError(f"two different items have the id {item.id!r}")
    return list(found.values())


def read(line: bytes | None) -> dict[str, Any]:
    """The object of a line. Raises UsageError for what is none, and for one without an "id"."""
    if line is None:
        raise UsageError(f"the line is larger than {LARGEST // 1_000_000} MB")
    table = _json(line)
    if not isinstance(table, dict):
        raise UsageError("not an object", hint='a line is a CSL-JSON item, or {"id", "cites"}')
    if is_too_deep(table):
        raise UsageError("nested too deep")
    _id(table)
    return table


def _json(line: bytes) -> object:
    try:
        return json.loads(line.decode("utf-8"), parse_constant=_refuse)
    except UnicodeDecodeError as error:
        raise UsageError(f"not UTF-8 at byte {error.start + 1}") from error
    except json.JSONDecodeError as error:
        raise UsageError(f"not JSON: {error.msg[0].lower()}{error.msg[1:]} at column {error.colno}") from error
    except RecursionError as error:
        raise UsageError("nested too deep") from error
    except ValueError as error:  # Python turns no endless row of figures into a number
        raise UsageError("a number is too long") from error


def _refuse(name: str) -> NoReturn:
    raise UsageError(f"not JSON: {name} is no number")


def _id(table: dict[str, Any]) -> str | int | float:
    found = table.get("id")
    if isinstance(found, str | int | float) and not isinstance(found, bool):
        return found
    raise UsageError('"id" is neither text nor number' if "id" in table else 'no "id"')


def _cites(table: dict[str, Any]) -> list[dict[str, Any]]:
    """What a line cites: itself, where it is an item."""
    if "cites" not in table:
        return [{"item": table}]
    _known(table, ("id", "cites"), "a document")
    cites = table["cites"]
    if not (isinstance(cites, list) and cites and all(isinstance(cite, dict) for cite in cites)):
        raise UsageError('"cites" is no list of objects')
    return cites


def _words(cite: dict[str, Any]) -> dict[str, Any]:
    """How a cite is cited, with the names of `CiteRequest`."""
    _known(cite, ("id", "item", *_WORDS), "a cite")
    words = {name: cite[name] for name in _WORDS if name in cite}
    if isinstance(words.get("locator"), int):
        words["locator"] = str(words["locator"])
    for name, value in words.items():
        among = _AMONG.get(name)
        if not isinstance(value, str) or (among and value not in among):
            raise UsageError(f'"{name}" is not {" or ".join(among) if among else "text"}')
    return words


def _known(table: dict[str, Any], fields: Sequence[str], what: str) -> None:
    for name in table:
        if name not in fields:
            raise UsageError(f"{what} has no {name!r}", hint=did_you_mean(name, fields) or ", ".join(fields))


def lines(file: BinaryIO) -> Iterator[Line]:
    """The lines of *file* that are not empty, with their numbers from 1; None for one that is too large.

    Raises StorageError where they cannot be read.
    """
    number = 0
    try:
        while line := file.readline(LARGEST):
            number += 1
            if len(line) == LARGEST and not line.endswith(b"\n"):
                _skip(file)
                yield number, None
            elif line := (line.removeprefix(codecs.BOM_UTF8) if number == 1 else line).rstrip():
                yield number, line
    except OSError as error:
        raise StorageError(f"cannot read line {number + 1}: {writing.reason(error)}") from error


def _skip(file: BinaryIO) -> None:
    while (rest := file.readline(65_536)) and not rest.endswith(b"\n"):
        pass
