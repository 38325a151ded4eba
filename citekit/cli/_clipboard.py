"""The clipboard, by the program that the system has for it."""

from __future__ import annotations

import shutil
import subprocess

from citekit.errors import StorageError
from citekit.writing import reason

PROGRAMS = (
    ("wl-copy",),
    ("xclip", "-selection", "clipboard"),
    ("xsel", "--clipboard", "--input"),
    ("pbcopy",),
    ("clip.exe",),
)


def put(text: str) -> None:
    """Puts *text* on the clipboard. Raises StorageError where no program for it is there or it fails."""
    command = next((program for program in PROGRAMS if shutil.which(program[0])), None)
    if command is None:
        names = ", ".join(program[0] for program in PROGRAMS)
        raise StorageError("there is no program for the clipboard", hint=f"install one of {names}")
    try:
        quiet = subprocess.DEVNULL  # some stay behind to serve the clipboard and must not hold our streams
        subprocess.run(command, input=text.encode(), check=True, timeout=10, stdout=quiet, stderr=quiet)
    except subprocess.CalledProcessError as error:
        raise _failed(command[0], f"it ended with {error.returncode}") from error
    except subprocess.TimeoutExpired as error:
        raise _failed(command[0], "it does not end") from error
    except OSError as error:
        raise _failed(command[0], reason(error)) from error


def _failed(program: str, why: str) -> StorageError:
    return StorageError(f"{program} could not copy: {why}", hint="is there a screen? --output FILE needs none")
