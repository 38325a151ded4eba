"""What the commands that change records share: the diff they show, the question they ask, the commit they leave."""

from __future__ import annotations

import difflib
import sys
from typing import TYPE_CHECKING

from citekit.errors import UsageError
from citekit.markup import visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from citekit.cli._session import Session
    from citekit.errors import RecordError
    from citekit.library import Library
    from citekit.store import Change


def diff(library: Library, change: Change) -> str:
    """The change as `git diff` shows one, paths from the library's root; control signs are made visible."""
    old, new = (_shown(library, key) for key in (change.key, change.renamed or change.key))
    if change.renamed:
        return f"rename {old} => {new}\n"
    lines = difflib.unified_diff(
        _lines(change.before or ""),
        _lines(change.after or ""),
        "/dev/null" if change.before is None else f"a/{old}",
        "/dev/null" if change.after is None else f"b/{new}",
        lineterm="",
    )
    return "".join(f"{visible(line)}\n" for line in lines)


def _shown(library: Library, key: str) -> str:
    path = library.store.path(key)
    return path.relative_to(library.root).as_posix() if path.is_relative_to(library.root) else path.name


def _lines(text: str) -> list[str]:
    """Lines without their ends; an end that is not ours, or that is missing, shows: it may be what has changed."""
    lines = [line[:-1] + "^M" if line.endswith("\r") else line for line in text.split("\n")]
    if last := lines.pop():
        lines.append(f"{last}\n\\ No newline at end of file")
    return lines


def finish(session: Session, library: Library, changes: Sequence[Change], message: str, *, dry: bool = False) -> str:
    """Does what `settle` does and returns the diffs of what has changed."""
    return "".join(diff(library, change) for change in settle(session, library, changes, message, dry=dry))


def settle(
    session: Session, library: Library, changes: Sequence[Change], message: str, *, dry: bool = False
) -> list[Change]:
    """Warns of what the changed records have, commits them where the library asks for it, and returns the changes that
    change something.

    *message* is the commit's, "{}" in it the keys. A commit that fails undoes nothing and is told.
    """
    made = [change for change in changes if change.renamed or change.before != change.after]
    # once each: a folder that cannot be synced is the same warning for every record
    session.warn({str(issue): issue for change in changes for issue in change.issues}.values())
    if made and not dry:
        _commit(session, library, made, message)
    if changes and not made:
        session.say("nothing to change")
    return made


def _commit(session: Session, library: Library, made: Sequence[Change], message: str) -> None:
    from citekit import history

    keys = ", ".join(change.key for change in made[:3]) + (f" and {len(made) - 3} more" if len(made) > 3 else "")
    paths = [path for change in made for path in _files(library, change)]
    if failed := history.commit(library, paths, message.format(keys)):
        session.say(f"not committed: {failed}")


def _files(library: Library, change: Change) -> list[Path]:
    """The files that the change touched: the link where one was renamed, else what it points to."""
    if change.renamed:
        folder = library.store.folder.resolve()
        return [folder / library.store.path(key).name for key in (change.key, change.renamed)]
    return [library.store.path(change.key).resolve()]


def as_typed(
    error: RecordError, library: Library, key: str, text: str, typed: Mapping[str, tuple[str | int, ...]]
) -> RecordError:
    """The error of a *text* that was not written, at the words of the command line that made it so; what they did not
    make is at the record *key*. Its lines would be those of no file.

    *typed* are the words with the paths that they change.
    """
    from citekit.errors import RecordError, Where, read_toml
    from citekit.record import parse

    def place(at: tuple[str | int, ...]) -> Where:
        exact = (word for word, path in typed.items() if _meets(path, at))
        near = (word for word, path in typed.items() if _meets(_named(path), _named(at)))
        return Where(next(exact, "") or next(near, "") or str(library.store.path(key)))

    said = {issue.message for issue in error.issues if issue.level == "error"}
    _, issues = parse(key, read_toml("", text), library.registry, place)
    found = tuple(issue for issue in issues if issue.message in said)
    return RecordError(error.message, found) if found else error


def _meets(path: tuple[str | int, ...], at: tuple[str | int, ...]) -> bool:
    """Whether one of the paths leads to what holds the other."""
    return all(one == other for one, other in zip(path, at, strict=False))


def _named(path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """The path without its numbers: the only location may be typed without one."""
    return tuple(step for step in path if isinstance(step, str))


def agreed(session: Session, question: str, *, yes: bool) -> bool:
    """Whether the user wants it. Raises UsageError where nobody can be asked and `--yes` was not said."""
    if yes:
        return True
    if not may_ask(session):
        raise UsageError(f"{question} Nobody can be asked here", hint="say it again with --yes, or try --dry-run")
    return ask(f"{question} [y/N] ").lower() in ("y", "yes")


def may_ask(session: Session) -> bool:
    """Whether there is a person at a terminal to be asked."""
    return not session.no_input and sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: str) -> str:
    """The answer to a question that is put on standard error; empty where there is none."""
    print(visible(question), end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip()
