"""`citekit cite`: footnotes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Optional, cast

import typer

from citekit.cli import _session
from citekit.cli._session import answer, partly
from citekit.errors import CitekitError
from citekit.markup import to_json

if TYPE_CHECKING:
    from citekit.library import Cite, FormName, Labels, Library

app = typer.Typer(add_completion=False, rich_markup_mode=None)

HELP = """Print footnotes.

\b
  citekit cite molotov-harriman-1945-11-19                  a full note, Chicago style
  citekit cite molotov-harriman-1945-11-19@l.161ob          with the leaf that is cited
  citekit cite A B A@p.5                                    three notes of one paper: a repeated work comes short
  citekit cite A+B                                          one note with two works
  citekit cite A --style wilson-center --format html
  citekit list --keys | citekit cite - --form full          keys from standard input

A B are notes of one document, in order; with --form each stands alone.
"""
FORMATS = ("text", "html", "markdown", "rst", "latex", "typst", "rtf", "bibtex", "csl-json")
_LABELS = ("latin", "cyrillic", "auto")
_FORMS = ("full", "short", "ibid")


@app.command(help=HELP)
def cite(
    ctx: typer.Context,
    notes: Annotated[
        list[str],
        typer.Argument(
            metavar="KEY[@LOCATOR]...",
            help="Works to cite; - reads them, a line each.",
            autocompletion=_session.complete_key,
        ),
    ],
    style: Annotated[
        str, typer.Option("--style", "-s", help="How it reads.", autocompletion=_session.complete_style)
    ] = "",
    format_: Annotated[str, typer.Option("--format", "-f", help=f"What is printed: {', '.join(FORMATS)}.")] = "text",
    form: Annotated[Optional[str], typer.Option(help="full, short or ibid, whatever went before.")] = None,  # noqa: UP045 typer
    labels: Annotated[Optional[str], typer.Option(help="Marks of the shelfmark: latin, cyrillic, auto.")] = None,  # noqa: UP045
    prefix: Annotated[str, typer.Option(help="Words before the note.")] = "",
    suffix: Annotated[str, typer.Option(help="Words after its works.")] = "",
    engine: Annotated[str, typer.Option(help="What formats: citeproc-py.")] = "citeproc-py",
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="Write there; - is standard output.")
    ] = "",
    copy: Annotated[bool, typer.Option("--copy", help="Put the notes on the clipboard too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="An array of notes as JSON.")] = False,
    as_jsonl: Annotated[bool, typer.Option("--jsonl", help="A note a line as JSON.")] = False,
) -> int:
    """Prints one note a line."""
    session = _session.of(ctx)
    _choice("format", format_, FORMATS)
    _choice("form", form, _FORMS)
    _choice("labels", labels, _LABELS)
    _choice("engine", engine, ("citeproc-py",))
    library = session.library()
    asked = [word for note in notes for word in (_read_keys() if note == "-" else [note])]
    wanted, errors = _read(library, asked)
    debug, machine = session.debug, as_json or as_jsonl
    if format_ in ("bibtex", "csl-json"):
        from citekit import formats

        loaded, failed = library.pick([one.key for note in wanted.values() for one in note])
        session.warn(loaded.issues)
        text = formats.writer(format_)(list(loaded.records.values())) if loaded.records else ""
    else:
        from citekit.markup import write

        chosen = cast("FormName | None", form), cast("Labels | None", labels)
        asked = [word for word in asked if word in wanted]
        cited = library.cite(
            [wanted[word] for word in asked], style, form=chosen[0], labels=chosen[1], prefix=prefix, suffix=suffix
        )
        session.warn(cited.issues)
        failed = list(cited.errors)
        markup = "plain" if format_ == "text" else format_
        printed = [(word, note) for word, note in zip(asked, cited.notes, strict=True) if note is not None]
        objects = [{"cite": word, "note": write(note, markup)} for word, note in printed]
        if as_json:
            text = to_json(objects, indent=2) if objects else ""
        else:
            text = "".join(f"{to_json(one)}\n" if as_jsonl else f"{one['note']}\n" for one in objects)
    if text or not output:
        answer(text, output)
    if copy:
        from citekit.cli._clipboard import put

        put(text.rstrip("\n"))
    return partly([*errors, *failed], as_json=machine, debug=debug)


def _read(library: Library, asked: list[str]) -> tuple[dict[str, tuple[Cite, ...]], list[CitekitError]]:
    """What each note cites; the errors of those that cannot be read."""
    wanted, errors = {}, []
    for word in dict.fromkeys(asked):
        try:
            wanted[word] = library.cites(word)
        except CitekitError as error:
            errors.append(error)
    return wanted, errors


def _read_keys() -> list[str]:
    lines = (line.strip() for line in sys.stdin.buffer.read().decode("utf-8", "replace").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _choice(name: str, value: str | None, among: tuple[str, ...]) -> None:
    if value is not None and value not in among:
        from citekit.errors import UsageError, did_you_mean

        raise UsageError(f"no {name} {value!r}", hint=did_you_mean(value, among) or f"one of {', '.join(among)}")
