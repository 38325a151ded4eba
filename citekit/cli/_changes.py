"""What the commands that change records share: the diff they show, the question they ask, the commit they leave."""

from __future__ import annotations

import difflib
import sys
from typing import TYPE_CHECKING

from citekit.errors import UsageError
from citekit.markup import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from citekit.cli._session import Session
    from citekit.library import Library
    from citekit.store import Change


def diff(library: Library, change: Change) -> str:
    """The change as `git diff` shows one, paths from the library's root; control signs are made visible."""
    old, new = (_shown(library, key) for key in (change.key, change.renamed or change.key))
    if change.renamed:
        return f"rename {old} => {new}\n"
    lines = difflib.unified_diff(
        _lines(change.before),
        _lines(change.after),
        f"a/{old}" if change.before else "/dev/null",
        f"b/{new}" if change.after else "/dev/null",
        lineterm="",
    )
    return "".join(f"{visible(line)}\n" for line in lines)


def _shown(library: Library, key: str) -> str:
    path = library.store.path(key)
    return path.relative_to(library.root).as_posix() if path.is_relative_to(library.root) else path.name


def _lines(text: str) -> list[str]:
    """Lines without their ends; a line end that is not ours shows, for it is what may have changed."""
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    return [line[:-1] + "^M" if line.endswith("\r") else line for line in lines]


def finish(session: Session, library: Library, changes: Sequence[Change], message: str, *, dry: bool = False) -> str:
    """Warns of what the changed records have, commits them where the library asks for it, and returns their diffs.

    *message* is the commit's, "{}" in it the keys. A commit that fails undoes nothing and is told.
    """
    from citekit import history

    made = [change for change in changes if change.renamed or change.before != change.after]
    for change in changes:
        session.warn(change.issues)
    if made and not dry:
        keys = ", ".join(change.key for change in made[:3]) + (f" and {len(made) - 3} more" if len(made) > 3 else "")
        touched = [key for change in made for key in (change.key, change.renamed) if key]
        failed = history.commit(library, [library.store.path(key) for key in touched], message.format(keys))
        if failed:
            session.say(f"not committed: {failed}")
    if changes and not made:
        session.say("nothing to change")
    return "".join(diff(library, change) for change in made)


def agreed(session: Session, question: str, *, yes: bool) -> bool:
    """Whether the user wants it. Raises UsageError where nobody can be asked and `--yes` was not said."""
    if yes:
        return True
    if not may_ask(session):
        raise UsageError(f"{question} Nobody can be asked here", hint="say it again with --yes, or try --dry-run")
    return ask(f"{question} [y/N] ").lower() in ("y", "yes")


def may_ask(session: Session) -> bool:
    """Whether there is a person at a terminal to be asked."""
    return not session.no_input and sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: str) -> str:
    """The answer to a question that is put on standard error; empty where there is none."""
    print(visible(question), end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip()
