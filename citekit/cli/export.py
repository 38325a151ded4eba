"""`citekit export`: records for reference managers, and what those cannot hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from citekit.cli import _complete, _session
from citekit.cli._session import EXIT, answer, keys_of, partly, told
from citekit.errors import CitekitError, NotFoundError, UsageError, did_you_mean

if TYPE_CHECKING:
    from citekit.cited import Paper
    from citekit.cli._session import Session
    from citekit.errors import Where
    from citekit.exchange import Loss, Options, Written
    from citekit.library import Library
    from citekit.record import Loaded, Record
    from citekit.targets import Target

app = typer.Typer(add_completion=False, rich_markup_mode=None)

HELP = """Write records for a reference manager or for TeX.

\b
  citekit export --for zotero -o sources.json      all records, as Zotero reads them best
  citekit export -o sources.bib                    as BibTeX, by the name of the file
  citekit export --for biblatex-chicago -o sources.bib
  citekit export --aux paper.aux -o paper.bib      only what the paper cites; also paper.bcf, draft.md
  citekit export molotov-harriman-1945-11-19 --to csl-json
  citekit list --keys Molotov | citekit export - --to ris     keys from standard input
  citekit export --to bibtex --ascii --strict -o old.bib

The program named by --for picks the mapping and, where neither --to nor the file does, the format. What a format has no
field for is told on standard error; --strict writes nothing then and ends with 5.
"""


@app.command(help=HELP)
def export(
    ctx: typer.Context,
    keys: Annotated[list[str] | None, typer.Argument(metavar="[KEY]...", autocompletion=_complete.complete_key)] = None,
    to: Annotated[
        str,
        typer.Option("--to", metavar="FORMAT", help="bibtex, csl-json, …", autocompletion=_complete.complete_format),
    ] = "",
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="Write there; - is standard output.")
    ] = "",
    for_: Annotated[
        str,
        typer.Option(
            "--for",
            metavar="PROGRAM",
            help="zotero, better-bibtex, jabref, pandoc, biblatex-chicago or mendeley.",
            autocompletion=_complete.complete_target,
        ),
    ] = "",
    strict: Annotated[bool, typer.Option("--strict", help="Write nothing where anything would be lost.")] = False,
    ascii_: Annotated[bool, typer.Option("--ascii", help="No letter beyond ASCII, for bibtex of one byte.")] = False,
    aux: Annotated[
        list[str] | None,
        typer.Option("--aux", metavar="FILE", help="Only what this paper cites: .aux, .bcf or Markdown."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="What is lost, and errors, as JSON Lines.")] = False,
) -> int:
    """Writes the good records; names the bad ones, and what is lost, on standard error."""
    from citekit import formats
    from citekit.exchange import Options
    from citekit.targets import target

    session = _session.of(ctx)
    program = target(for_) if for_ else None
    name = _format(to, output, program)
    write = formats.writer(name)
    _spare(output, aux or [])
    loaded, errors = _loaded(session, session.library(), keys or [], aux or [])
    session.warn(loaded.issues)
    written, failed = _written(write, [*loaded.records.values()], Options(for_, ascii_))
    if program and (hint := program.hint(name)):
        session.say(f"hint: {hint}")
    lost = _by_field(written.losses)
    _tell(session, lost, name)
    code = max(partly([*errors, *failed], as_json=as_json, debug=session.debug), _session.broken(loaded.issues))
    if strict and lost:
        return told(_strictly(name, lost), code=EXIT.lossy, as_json=as_json)
    if (loaded.records and written.text) or not (errors or failed or output):
        answer(written.text, output)
    return code


def _format(to: str, output: str, program: Target | None) -> str:
    """The name of the format. Raises UsageError where nothing says which."""
    from citekit import formats

    by_file = formats.named(output, program.formats if program else ())
    name = to or by_file or (program.formats[0] if program else "")
    if not name:
        hint = f"--to {', '.join(formats.NAMES)}; or by the name of the file, -o FILE.bib; or --for PROGRAM"
        raise UsageError("no format is named", hint=hint)
    return name


def _spare(output: str, papers: Sequence[str]) -> None:
    """Raises UsageError where the paper itself would be overwritten."""
    if output not in ("", "-") and Path(output).resolve() in [Path(paper).resolve() for paper in papers]:
        raise UsageError(f"{output} is the paper; it would be overwritten")


def _loaded(
    session: Session, library: Library, keys: Sequence[str], papers: Sequence[str]
) -> tuple[Loaded, list[CitekitError]]:
    """The records that are meant: all; those with *keys*, in their order; or with those that *papers* cite, by key."""
    if not keys and not papers:
        return _every(session, library), []
    keys = keys_of(keys)
    if not papers:
        return library.pick(keys)
    read = [_read(session, paper) for paper in papers]
    there = {*library.store.keys()}
    places: dict[str, Where] = {}
    for paper in read:
        places = {**paper.keys, **places}
    missing = _missing({key: place for key, place in places.items() if key not in there}, there)
    if any(paper.every for paper in read):
        return _every(session, library), missing
    loaded, errors = library.pick(sorted({*keys, *(places.keys() & there)}))
    if not places:
        session.say(f"nothing is cited in {', '.join(papers)}")
    return loaded, [*missing, *errors]


def _every(session: Session, library: Library) -> Loaded:
    with session.progress("reading", len(library.store.keys())) as step:
        return library.records(step)


def _read(session: Session, paper: str) -> Paper:
    """What a paper cites; chapters outside of its folder are not opened."""
    from citekit.cited import cited
    from citekit.intake import bytes_of

    folder = Path(paper).resolve().parent

    def text_of(name: str) -> str | None:
        path = Path(name)
        if name != paper and not (path.is_file() and path.resolve().is_relative_to(folder)):
            return None
        return bytes_of(path).decode("utf-8-sig", "replace")  # keys are ASCII; LaTeX writes the rest as it likes

    found = cited(paper, text_of)
    for chapter in found.missing:
        session.say(f"{paper}: {chapter} is not in its folder, so what it cites is left out")
    return found


_HINTS = 20  # keys for which near ones are looked for: each is compared with all there are


def _missing(places: Mapping[str, Where], there: Iterable[str]) -> list[CitekitError]:
    """An error for each key that is not in the library."""
    from citekit.cited import is_cross_reference

    keys = [key for key in places if not is_cross_reference(key)]
    hints = [did_you_mean(key, there) for key in islice(keys, _HINTS)]
    hints += [""] * (len(keys) - len(hints))
    return [
        NotFoundError(f"no record {key!r}", where=places[key], hint=hint) for key, hint in zip(keys, hints, strict=True)
    ]


def _written(
    write: Callable[[Sequence[Record], Options], Written], records: list[Record], options: Options
) -> tuple[Written, list[CitekitError]]:
    """What the format makes of the records, without those that it cannot write; their errors."""
    from citekit.exchange import Written

    try:
        return write(records, options), []
    except CitekitError:
        failed: dict[str, CitekitError] = {}
        for record in records:
            try:
                write([record], options)
            except CitekitError as error:
                failed[record.key] = error
        if not failed:  # each can be written, but not beside the others
            raise
    good = [record for record in records if record.key not in failed]
    return write(good, options) if good else Written(""), [*failed.values()]


# What is lost


def _by_field(losses: Iterable[Loss]) -> dict[str, dict[str, str]]:
    """The lost words by field and record, the fields of most records first; entries of lists are not told apart."""
    found: dict[str, dict[str, str]] = {}
    for loss in losses:
        field = ".".join(step for step in loss.path.split(".") if not step.isdecimal())
        words = found.setdefault(field, {})
        words[loss.key] = "; ".join(part for part in (words.get(loss.key, ""), loss.words) if part)
    return dict(sorted(found.items(), key=lambda one: (-len(one[1]), one[0])))


def _tell(session: Session, lost: Mapping[str, Mapping[str, str]], name: str) -> None:
    """Says a line a field: how many records have what the format has no field for; with --verbose each of them."""
    from citekit import formats

    comes_back = name in formats.readable()
    for field, words in lost.items():
        loss = {"format": name, "field": field, "kept": comes_back, "records": words}
        session.say(f"{field}: no field in {name} ({len(words):,} record{'s' * (len(words) != 1)})", loss=loss)
        for key, said in words.items() if session.verbose and not session.as_json else ():
            session.say(f"    {key}: {said if len(said) <= _WIDTH else said[: _WIDTH - 1] + '…'}")
    if lost and not session.as_json:
        kept = "they travel in `citekit`, which other programs ignore and `citekit import` reads"
        session.say(kept if comes_back else "they are not in the file")


_WIDTH = 100


def _strictly(name: str, lost: Mapping[str, Mapping[str, str]]) -> str:
    count = f"{len(lost)} field" + "s" * (len(lost) != 1)
    return f"{name} would lose {count} ({', '.join(islice(lost, 5))}{', …' * (len(lost) > 5)}); nothing was written"
