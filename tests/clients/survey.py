"""Our exports and the best mappings by hand, in the same programs: which facts of a document arrive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tests.clients import facts, programs, sources


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
