"""`python -m citekit` is the command `citekit`."""

from citekit.cli import run

run()
