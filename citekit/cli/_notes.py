"""What `citekit cite` does, without its options: they are read elsewhere, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from citekit.cli._session import answer, keys_of, partly
from citekit.errors import CitekitError, UsageError, did_you_mean
from citekit.markup import to_json, write
from citekit.values import frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from citekit.cli._session import Session
    from citekit.library import Cite, FormName, Labels, Library

FORMATS = ("text", "html", "markdown", "rst", "latex", "typst", "rtf", "bibtex", "csl-json")
_LABELS = ("latin", "cyrillic", "auto")
_FORMS = ("full", "short", "ibid")


@frozen
class Wanted:
    """How the notes are wanted: the options of `citekit cite` and their defaults."""

    style: str = ""
    format: str = "text"
    form: str | None = None
    labels: str | None = None
    prefix: str = ""
    suffix: str = ""
    engine: str = "citekit"
    output: str = ""
    copy: bool = False
    as_json: bool = False
    as_jsonl: bool = False


def print_notes(session: Session, notes: Sequence[str], wanted: Wanted = Wanted()) -> int:
    """Prints one note a line and returns the exit code. Raises UsageError for a wrong option."""
    from citekit.library import ENGINES

    check_choice("format", wanted.format, FORMATS)
    check_choice("form", wanted.form, _FORMS)
    check_choice("labels", wanted.labels, _LABELS)
    check_choice("engine", wanted.engine, ENGINES)
    library = session.library()
    asked = keys_of(notes)
    works, errors = _read(library, asked)
    exchange = wanted.format in ("bibtex", "csl-json")
    text, failed = (_exported if exchange else _cited)(
        session, library, [w for w in asked if w in works], works, wanted
    )
    if text or not wanted.output:
        answer(text, wanted.output)
    if wanted.copy:
        from citekit.cli._clipboard import put

        put(text.rstrip("\n"))
    return partly([*errors, *failed], as_json=wanted.as_json or wanted.as_jsonl, debug=session.debug)


def _exported(
    session: Session, library: Library, asked: list[str], works: dict[str, tuple[Cite, ...]], wanted: Wanted
) -> tuple[str, list[CitekitError]]:
    from citekit import formats
    from citekit.exchange import ANY

    loaded, failed = library.pick([one.key for word in asked for one in works[word]])
    session.warn(loaded.issues)
    records = list(loaded.records.values())
    return formats.writer(wanted.format)(records, ANY).text if records else "", failed


def _cited(
    session: Session, library: Library, asked: list[str], works: dict[str, tuple[Cite, ...]], wanted: Wanted
) -> tuple[str, list[CitekitError]]:
    cited = library.cite(
        [works[word] for word in asked],
        wanted.style,
        form=cast("FormName | None", wanted.form),
        labels=cast("Labels | None", wanted.labels),
        prefix=wanted.prefix,
        suffix=wanted.suffix,
        engine=wanted.engine,
    )
    session.warn(cited.issues)
    markup = "plain" if wanted.format == "text" else wanted.format
    printed = [(word, write(note, markup)) for word, note in zip(asked, cited.notes, strict=True) if note is not None]
    objects = [{"cite": word, "note": note} for word, note in printed]
    if wanted.as_json:
        text = to_json(objects, indent=2) if objects else ""
    elif wanted.as_jsonl:
        text = "".join(f"{to_json(one)}\n" for one in objects)
    else:
        text = "".join(f"{note}\n" for _, note in printed)
    return text, list(cited.errors)


def _read(library: Library, asked: list[str]) -> tuple[dict[str, tuple[Cite, ...]], list[CitekitError]]:
    """What each note cites; the errors of those that cannot be read."""
    works, errors = {}, []
    for word in dict.fromkeys(asked):
        try:
            works[word] = library.cites(word)
        except CitekitError as error:
            errors.append(error)
    return works, errors


def check_choice(name: str, value: str | None, among: Sequence[str]) -> None:
    """Raises UsageError where the option *name* has a value that is not *among* its values."""
    if value is not None and value not in among:
        raise UsageError(f"no {name} {value!r}", hint=did_you_mean(value, among) or f"one of {', '.join(among)}")
