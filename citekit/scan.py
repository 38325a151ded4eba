"""A position in a text, named patterns, and errors with a caret: what the small grammars stand on.

A grammar asks for one pattern after another; `Scanner.error` makes the `ParseError` for the place it got stuck at.
Every pattern is anchored at the position and none may match twice over the same signs, so reading takes linear time.

>>> scanner = Scanner("12ob")
>>> scanner.take(pattern("[0-9]+")), scanner.rest()
('12', 'ob')
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from citekit.errors import ParseError
from citekit.patterns import pattern

if TYPE_CHECKING:
    import re

SPACE = pattern(r"\s*")


class Scanner:
    """Reads *text* from left to right; `position` counts characters from 0."""

    __slots__ = ("position", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The match of *pattern* at the position, which moves behind it; None, and no move, without one."""
        found = pattern.match(self.text, self.position)
        if found:
            self.position = found.end()
        return found

    def take(self, pattern: re.Pattern[str]) -> str:
        """What *pattern* matches at the position, or an empty string."""
        found = self.match(pattern)
        return found[0] if found else ""

    def skip_space(self) -> None:
        """Moves behind white space."""
        self.match(SPACE)

    def at_end(self) -> bool:
        """Whether nothing is left to read."""
        return self.position >= len(self.text)

    def rest(self) -> str:
        """What is left to read."""
        return self.text[self.position :]

    def error(self, message: str, *, start: int | None = None, end: int | None = None, hint: str = "") -> ParseError:
        """A `ParseError` for the text from *start* to *end*, by default the next sign."""
        begin = self.position if start is None else start
        return ParseError(message, self.text, (begin, begin + 1 if end is None else end), hint=hint)
