"""Counts the sixteen facts of an archival document in every program that reads our exports, and writes the table.

python -m bench.exchange            the table, and each program where ours is worse than the best mapping by hand
python -m bench.exchange --write    the same, and the table into docs/exchange.md
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.clients import facts, programs, sources, survey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.clients.survey import Row

PAGE = Path(__file__).parents[1] / "docs" / "exchange.md"
BEGIN, END = "<!-- made by bench/exchange.py: begin -->\n", "<!-- made by bench/exchange.py: end -->\n"


def rows(said: list[str]) -> Iterator[Row]:
    """Every row that can be had here; what cannot is told in *said*."""
    for form in facts.BEST:
        if not sources.has(form):
            said.append(f"{form} is not written yet")
            continue
        for client in survey.clients(form):
            try:
                yield survey.row(form, client)
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
