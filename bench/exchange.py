"""Counts the sixteen facts of an archival document in every program that reads our exports, and writes the table.

python -m bench.exchange            the table, and each program where ours is worse than the best mapping by hand
python -m bench.exchange --write    the same, and the table into docs/exchange.md
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.clients import facts, faults, programs, sources, survey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.clients.survey import Row

PAGE = Path(__file__).parents[1] / "docs" / "exchange.md"


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


def tables(found: list[Row]) -> str:
    """The rows as tables in Markdown, one an export."""
    return "\n".join(_table(form, [one for one in found if one.form == form]) for form in facts.BEST)


def _table(form: str, found: list[Row]) -> str:
    name = facts.BEST[form][0]
    lines = [f"### {form}\n", _line(["program", *facts.FACTS, "ours", name]), _line(["---", *[":-:"] * 18])]
    for one in found:
        signs = ["+" if fact in one.ours else "" for fact in facts.FACTS]
        lines.append(_line([one.client, *signs, str(len(one.ours)), str(len(one.best))]))
    return "\n".join(lines) + "\n"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def fault_table() -> str:
    """What programs do wrong with files that are right, as a table in Markdown."""
    lines = [_line(["program", "export", "what it does"]), _line(["---"] * 3)]
    return "\n".join([*lines, *(_line([*cells]) for cells in faults.listed())]) + "\n"


def written(page: str, name: str, text: str) -> str:
    """The *page* with *text* between the marks of the part *name*."""
    begin, end = f"<!-- bench/exchange.py: {name} -->\n", f"<!-- bench/exchange.py: end of {name} -->\n"
    pattern = re.compile(f"(?<={re.escape(begin)}).*(?={re.escape(end)})", re.S)
    return pattern.sub(lambda _: f"\n{text}\n", page)


def main(arguments: list[str]) -> int:
    """Prints the tables and what is worse; 1 where something is."""
    said: list[str] = []
    found = list(rows(said))
    print(tables(found))
    print("\n".join(said))
    worse = [one for one in found if one.is_worse()]
    for one in worse:
        print(f"worse: {one.form} in {one.client}: {facts.lost(one.ours)}; by hand: {facts.lost(one.best)}")
    if "--write" in arguments:
        page = PAGE.read_text(encoding="utf-8")
        page = written(written(page, "facts", tables(found)), "faults", fault_table())
        PAGE.write_text(page, encoding="utf-8")
    return int(bool(worse))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
