"""Counts the sixteen facts of an archival document in every program that reads our exports, and writes the table.

python bench/exchange.py            the table, and each program where ours is worse than the best mapping by hand
python bench/exchange.py --write    the same, and the table into docs/exchange.md
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.clients import facts, programs, sources  # noqa: E402  # the tests are no package that is installed

PAGE = ROOT / "docs" / "exchange.md"
BEGIN, END = "<!-- made by bench/exchange.py: begin -->\n", "<!-- made by bench/exchange.py: end -->\n"


class Row(NamedTuple):
    """One of our formats in one program: the facts that were there, and those of the best mapping by hand."""

    form: str
    client: str
    ours: frozenset[str]
    best: frozenset[str]

    def is_worse(self) -> bool:
        """Whether fewer facts of our export arrive than of the mapping by hand."""
        return len(self.ours) < len(self.best)


def counted(form: str, client: str, text: str) -> frozenset[str]:
    """The facts of *text* that arrive in *client*. Raises Missing and Failed as the program does."""
    if client in programs.READERS:
        entries = programs.READERS[client].read(form, text)
        return facts.understood(next(iter(entries.values()), {}))
    return facts.printed("\n".join(programs.PRINTERS[client].lines(form, text)))


def clients(form: str) -> Iterator[str]:
    """The programs that take *form*, readers first."""
    yield from (name for name, client in programs.READERS.items() if form in client.formats)
    yield from (name for name, client in programs.PRINTERS.items() if form in client.formats)


def row(form: str, client: str) -> Row:
    """Our export and the mapping by hand, in the same program."""
    ours = sources.exported(form, [facts.document()])
    return Row(form, client, counted(form, client, ours), counted(form, client, facts.by_hand(form)))


def rows(said: list[str]) -> Iterator[Row]:
    """Every row that can be had here; what cannot is told in *said*."""
    for form in facts.BEST:
        if not sources.has(form):
            said.append(f"{form} is not written yet")
            continue
        for client in clients(form):
            try:
                yield row(form, client)
            except (programs.Missing, programs.Failed) as error:
                said.append(f"{form} in {client}: {error}")


def table(found: list[Row]) -> str:
    """The rows as a table in Markdown."""
    lines = [
        "| our export | program | facts | not there | best by hand |",
        "|---|---|---|---|---|",
    ]
    for one in found:
        name = facts.BEST[one.form][0]
        missing = facts.lost(one.ours) or "–"
        lines.append(f"| {one.form} | {one.client} | {len(one.ours)} | {missing} | {name}: {len(one.best)} |")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Prints the table and what is worse; 1 where something is."""
    said: list[str] = []
    found = list(rows(said))
    text = table(found)
    print(text)
    for line in said:
        print(line)
    worse = [one for one in found if one.is_worse()]
    for one in worse:
        print(f"worse: {one.form} in {one.client}: {facts.lost(one.ours)}; by hand: {facts.lost(one.best)}")
    if "--write" in arguments:
        page = PAGE.read_text(encoding="utf-8")
        pattern = re.compile(f"(?<={re.escape(BEGIN)}).*(?={re.escape(END)})", re.S)
        PAGE.write_text(pattern.sub(lambda _: "\n" + text + "\n", page), encoding="utf-8")
    return int(bool(worse))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
