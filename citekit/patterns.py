"""Regular expressions that are compiled when they are first used.

Compiling all of a room's patterns costs more than reading the room: some twenty milliseconds of a command that needs a
tenth of them.
"""

from __future__ import annotations

import re
from typing import Any, cast


class _Pattern:
    """Becomes the pattern at the first question put to it."""

    def __init__(self, source: str, flags: int) -> None:
        self._source, self._flags = source, flags

    def __getattr__(self, name: str) -> Any:
        value = getattr(re.compile(self._source, self._flags), name)
        setattr(self, name, value)  # asked only once: the next time it is found before
        return value


def pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    """What `re.compile` gives, later.

    >>> pattern("[0-9]+").findall("1917–1991")
    ['1917', '1991']
    """
    return cast("re.Pattern[str]", _Pattern(source, flags))
