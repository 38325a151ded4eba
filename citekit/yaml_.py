"""YAML, read by the rules of its JSON schema and written so that every reader has the same: through PyYAML.

Only text, numbers, yes and no, lists and tables are read: "no" is a word and 1945-11-19 no date of Python's; no tag
makes an object, and what would grow beyond all bounds by its aliases is refused.
Source: YAML 1.2.2, 10.2 (JSON schema) and 10.3 (core schema), <https://yaml.org/spec/1.2.2/>.

>>> print(write({"title": "no", "volume": "1e3", "tags": ["a: b"]}), end="")
title: 'no'
volume: '1e3'
tags:
- 'a: b'
"""

from __future__ import annotations

import re
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from citekit.errors import ParseError

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 1_000_000  # values in a value, each alias counted as what it stands for; a record has some dozens
# What the core schema reads as other than text, and some readers of YAML 1.1
_NO_TEXT = r"[-+]?(\d+|0o[0-7]+|0x[\da-fA-F]+|(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?)|[yYnN]"
_ENDS = re.compile("[\r\x85\u2028\u2029]")
_SCALARS = {
    "bool": (r"true|false", "tf"),
    "null": (r"null|~|", ["n", "~", ""]),
    "int": (r"-?(0|[1-9]\d{0,17})", "-0123456789"),
    "float": (r"-?(0|[1-9]\d*)\.\d+", "-0123456789"),
}


def write(value: object, *, ascii: bool = False) -> str:
    """*value* as a block, a line a text, tables in their own order; letters of every script as they are, or escaped."""
    import yaml

    class Dumper(yaml.SafeDumper):
        """Quotes what another reader than Python's would not read as text, and escapes what ends a line for some."""

        def represent_str(self, data: str) -> Any:
            style = '"' if _ENDS.search(data) else None
            return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)

    Dumper.add_representer(str, Dumper.represent_str)
    Dumper.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(rf"(?:{_NO_TEXT})\Z"), None)
    return str(yaml.dump(value, Dumper=Dumper, allow_unicode=not ascii, sort_keys=False, width=10**9))


class Node:
    """A piece of a text, not made a value yet: what is wrong in it hides nothing beside it."""

    def __init__(self, node: Any) -> None:
        self._node = node

    @property
    def line(self) -> int:
        """The line where it begins, from 1."""
        return int(self._node.start_mark.line) + 1

    def table(self) -> dict[str, Node]:
        """The nodes of a table by their names; none where it is no table."""
        pairs = self._node.value if self._node.id == "mapping" else ()
        return {key.value: Node(value) for key, value in pairs if key.id == "scalar"}

    def list(self) -> list[Node] | None:
        """The nodes of a list, or None where it is none."""
        return [Node(one) for one in self._node.value] if self._node.id == "sequence" else None

    def value(self) -> Any:
        """What it says. Raises ValueError that tells why that cannot be read."""
        import yaml

        try:
            found = _loader()("").construct_document(self._node)
        except yaml.MarkedYAMLError as error:
            raise ValueError(f"cannot be read: {error.problem}") from error
        except RecursionError as error:
            raise ValueError("is nested too deep") from error
        if sum(1 for _ in islice(_values(found), MOST)) == MOST:
            raise ValueError("is too large")
        return found


def read(text: str) -> Iterator[Node]:
    """The documents of *text*, one after the other. Raises ParseError at the place that is no YAML."""
    import yaml

    try:
        for node in yaml.compose_all(text, Loader=_loader()):
            yield Node(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = mark.index if mark else 0
        raise ParseError(f"not YAML: {error.problem or error.context}", text, (at, at + 1)) from error
    except yaml.YAMLError as error:
        raise ParseError(f"not YAML: {str(error).splitlines()[0]}", text, (0, 1)) from error
    except RecursionError as error:
        raise ParseError("not YAML that can be read: nested too deep", text, (0, 1)) from error


@cache
def _loader() -> Any:
    import yaml

    class Loader(yaml.SafeLoader):
        """Reads scalars as JSON has them."""

        yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  the library's own form

    for name, (shape, first) in _SCALARS.items():
        Loader.add_implicit_resolver(f"tag:yaml.org,2002:{name}", re.compile(rf"(?:{shape})\Z"), list(first))
    return Loader


def _values(value: object) -> Iterator[object]:
    """Every value in *value*, however deep, an alias each time it stands there."""
    left = [value]
    while left:
        one = left.pop()
        yield one
        if isinstance(one, dict):
            left += one.values()
        elif isinstance(one, list):
            left += one
