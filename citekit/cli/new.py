"""`citekit new`: a new record from fields that are typed."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Annotated

import typer

from citekit.cli import _complete, _session
from citekit.cli._session import answer
from citekit.errors import RecordError, UsageError

if TYPE_CHECKING:
    from citekit.store import Change

app = typer.Typer(add_completion=False, rich_markup_mode=None)

HELP = """Make a new record.

\b
  citekit new mikoyan-1946-02-03 type=letter title='Letter to Molotov' date=1946-02-03 \\
      people.author='Mikoyan, A. I.' location.archive=RGASPI location.fond=84 location.opis=1
  citekit new mikoyan-1946-02-04 --like mikoyan-1946-02-03 date=1946-02-04     a copy, changed
  citekit new KEY                                                            opens your editor on a terminal
"""

TEMPLATE = """type = "document"
title = ""
# date = 1945-11-19       # or "1945-11", "1946~", "1917-10-25/1917-11-07"
# language = "ru"         # of the original

[people]
# author = ["Molotov, V. M."]
# translator = ["Goldberg, Gary"]

[[location]]              # where the original lies
# archive = "RGASPI"      # `citekit archives` lists the sigla
# fond = "558"
# opis = "11"
# delo = "98"
# list = "160-163"

[online]                  # where it was read
# publisher = ""
# url = ""
"""


@app.command(help=HELP)
def new(
    ctx: typer.Context,
    key: Annotated[str, typer.Argument(metavar="KEY")],
    fields: Annotated[list[str] | None, typer.Argument(metavar="[FIELD=VALUE]...")] = None,
    like: Annotated[
        str, typer.Option("--like", metavar="KEY", help="Begin as a copy.", autocompletion=_complete.complete_key)
    ] = "",
    dry: Annotated[bool, typer.Option("--dry-run", help="Show the record; write nothing.")] = False,
) -> int:
    """Makes the record; the key must be free."""
    from citekit import assign
    from citekit.cli._changes import as_typed, finish, may_ask
    from citekit.cli.edit import edit_text
    from citekit.store import write_table

    session = _session.of(ctx)
    library = session.library_to_change()
    wanted = [assign.read(word) for word in fields or ()]
    library.store.check_free(key)
    if not (wanted or like or may_ask(session)):
        raise UsageError("nothing says what the record holds", hint=f"citekit new {key} title='…' date=1945-11-19")

    def save(text: str) -> Change:
        if text == TEMPLATE and not dry:
            raise UsageError("the template was left as it is; no record was made")
        if not text.strip():
            raise UsageError("the file is empty; no record was made")
        return library.store.create(key, text, library.registry, dry=dry)

    text = library.store.read(like) if like else "" if wanted else TEMPLATE
    if wanted:
        text = assign.assigned(text, wanted, library.registry.levels())
        text = text if like else write_table(tomllib.loads(text))
    try:
        change = save(text) if wanted or like or dry else edit_text(session, key, text, save)
    except RecordError as error:
        typed = {word: one.path for word, one in zip(fields or (), wanted, strict=True)}
        raise (as_typed(error, library, like or key, text, typed) if wanted or like else error) from error
    answer(finish(session, library, [change], "new {}", dry=dry))
    return 0
