"""`citekit completion`: scripts for shells."""

from __future__ import annotations

from typing import Annotated

import typer

from citekit.cli._session import answer
from citekit.errors import UsageError, did_you_mean

app = typer.Typer(add_completion=False, rich_markup_mode=None)

SHELLS = ("bash", "zsh", "fish")
HELP = """Print the completion script for a shell. It completes commands, keys, styles and archives.

\b
  citekit completion bash >> ~/.bashrc
  citekit completion zsh > "${fpath[1]}/_citekit"
  citekit completion fish > ~/.config/fish/completions/citekit.fish
"""


@app.command(help=HELP)
def completion(shell: Annotated[str, typer.Argument(metavar="bash|zsh|fish")]) -> None:
    """Prints the script."""
    if shell not in SHELLS:
        raise UsageError(f"no shell {shell!r}", hint=did_you_mean(shell, SHELLS) or f"one of {', '.join(SHELLS)}")
    from typer._completion_shared import get_completion_script

    answer(get_completion_script(prog_name="citekit", complete_var="_CITEKIT_COMPLETE", shell=shell))
