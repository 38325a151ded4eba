"""How time grows with the length of what is read. Time is compared with time, so that a slow machine fails no test."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from contextlib import suppress

from citekit.errors import CitekitError

LINEAR = 8  # a growth below it is one: four times as much takes four times as long, and sixteen times as a square
QUICK = 0.005  # seconds; less says nothing about growth


def growth(act: Callable[[int], object], count: int, runs: int = 3) -> float:
    """How many times longer *act* takes for four times as much, or 0 where even that is quick. What looks bad is
    measured again, and the quickest of so many *runs* counts."""
    long, short = seconds(act, 4 * count), seconds(act, count)
    for _ in range(runs - 1):
        if long < QUICK or long / short < 0.7 * LINEAR:
            break
        long, short = min(long, seconds(act, 4 * count)), min(short, seconds(act, count))
    return 0 if long < QUICK else long / short


def growth_of_reading(read: Callable[[str], object], piece: str, count: int = 2_500) -> float:
    """The same for a text of so many pieces, which begins and ends with other signs; it may be refused."""
    return growth(lambda times: read("5" + piece * times + "\x00"), count)


def seconds(act: Callable[[int], object], count: int) -> float:
    """The seconds of a processor that *act* takes for so much."""
    gc.disable()  # it may walk all that the tests before left
    begun = time.process_time()
    with suppress(CitekitError):
        act(count)
    taken = time.process_time() - begun
    gc.enable()
    return max(taken, 1e-4)
