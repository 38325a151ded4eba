"""Values: frozen dataclasses with slots, made in a quarter of the time.

`dataclasses` writes and compiles six functions for each class, a third of a millisecond; fifty classes are a tenth of
what a whole command may take. Here only `__init__` is made for the class, the other functions are the same for all.
That nothing is set afterwards is the type checker's to see.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """Makes a class of annotated fields a value: equal, hashed and shown by its fields; those with `hash=False` do not
    count for the hash, those with `kw_only=True` neither for being equal: they say how a value was written.

    >>> @frozen
    ... class Leaf:
    ...     number: str
    ...     side: str = ""
    >>> Leaf("160"), Leaf("160") == Leaf("160", ""), hash(Leaf("160")) == hash(Leaf("160"))
    (Leaf(number='160', side=''), True, True)
    """
    own = vars(cls)
    cls.__hashed__ = tuple(one for one in cls.__annotations__ if getattr(own.get(one), "hash", None) is not False)  # type: ignore[attr-defined]
    made = dataclass(slots=True, eq=False, repr=False)(cls)
    for name, function in (("__eq__", _eq), ("__hash__", _hash), ("__repr__", _repr)):
        if name not in own:
            setattr(made, name, function)
    return made


def _fields(one: Any) -> tuple[Any, ...]:
    return tuple(getattr(one, name) for name in one.__match_args__)


def _eq(self: Any, other: object) -> Any:
    return _fields(self) == _fields(other) if other.__class__ is self.__class__ else NotImplemented


def _hash(self: Any) -> int:
    return hash(tuple(getattr(self, name) for name in self.__hashed__))


def _repr(self: Any) -> str:
    fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
    return f"{type(self).__qualname__}({fields})"
