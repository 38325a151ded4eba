"""The folder of records: keys stay in it, one bad file hides no other, every fault has its place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from citekit.archives import shipped
from citekit.edits import find_place
from citekit.errors import NotFoundError, RecordError, StorageError, UsageError, Where
from citekit.store import LARGEST, Store, check_key
from tests.growth import LINEAR, growth

GOOD = 'title = "T"\n'


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store with one good record."""
    (tmp_path / "good.toml").write_text(GOOD, encoding="utf-8")
    return Store(tmp_path)


@pytest.mark.parametrize("key", ["a", "molotov-1945-11-19", "A.b_c:d+e", "9", "x" * 200])
def test_a_key_is_letters_digits_and_a_few_signs(key: str) -> None:
    check_key(key)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "../x",
        "a/b",
        "a\\b",
        "..",
        "a..b",
        ".a",
        "-a",
        "a.",
        "con",
        "NUL",
        "aux.txt",
        "com1",
        "é",
        "a b",
        "x" * 201,
        "a\n",
        "a\0",
    ],
)
def test_a_key_never_leaves_the_folder(key: str) -> None:
    with pytest.raises(UsageError, match="cannot be the key"):
        check_key(key)


def test_one_bad_file_hides_no_other(store: Store) -> None:
    (store.folder / "bad.toml").write_text("title = \n", encoding="utf-8")
    (store.folder / "worse.toml").mkdir()
    (store.folder / "odd name.toml").write_text(GOOD, encoding="utf-8")
    loaded = store.load(shipped())
    assert list(loaded.records) == ["good"]
    assert [issue.code for issue in loaded.issues] == ["C001", "C011", "C012"]
    assert store.keys() == ("bad", "good", "worse")


def test_files_that_are_no_records_are_left_alone(store: Store) -> None:
    for name in ("_archives.toml", ".hidden.toml", "notes.txt", "~x.toml"):
        (store.folder / name).write_text("not a record", encoding="utf-8")
    assert store.keys() == ("good",)
    assert not store.load(shipped()).issues


def test_a_missing_key_is_answered_with_the_nearest(store: Store) -> None:
    with pytest.raises(NotFoundError, match="no record 'god'") as caught:
        store.read("god")
    assert caught.value.hint == "did you mean good?"


def invalid(store: Store, content: bytes) -> RecordError:
    (store.folder / "bad.toml").write_bytes(content)
    with pytest.raises(RecordError) as caught:
        store.load_one("bad", shipped())
    return caught.value


def test_a_syntax_error_has_line_and_column(store: Store) -> None:
    error = invalid(store, b'title = "T"\ndate = = 1\n')
    assert error.where == Where(str(store.folder / "bad.toml"), 2, 8)
    assert error.message == "not TOML: invalid value"


def test_an_error_at_the_end_of_the_file_has_its_last_line(store: Store) -> None:
    error = invalid(store, b'title = "T"\ntags = ["a"\n\n')
    assert error.where is not None
    assert error.where.line == 2


def test_a_byte_that_is_not_utf8_has_its_place(store: Store) -> None:
    error = invalid(store, 'title = "Т"\nnote = "'.encode() + b'\xff"\n')
    assert error.message == "byte 0xff is not UTF-8"
    assert error.where == Where(str(store.folder / "bad.toml"), 2, 9)


def test_deep_nesting_is_an_error_not_a_crash(store: Store) -> None:
    assert "nested too deep" in invalid(store, b"a = " + b"[" * 20000).message


def test_a_byte_order_mark_and_windows_line_ends_are_read(store: Store) -> None:
    (store.folder / "bom.toml").write_bytes(b'\xef\xbb\xbftitle = "T"\r\ntype = "letter"\r\n')
    record, issues = store.load_one("bom", shipped())
    assert (record.title, record.type, issues) == ("T", "letter", [])


def test_what_is_no_file_is_a_storage_error(store: Store) -> None:
    (store.folder / "folder.toml").mkdir()
    (store.folder / "link.toml").symlink_to("nowhere.toml")
    os.mkfifo(store.folder / "pipe.toml")
    for key, message in [
        ("folder", "it is a folder"),
        ("link", "a link to a file that is not there"),
        ("pipe", "is not a file"),
    ]:
        with pytest.raises(StorageError, match=message):
            store.read(key)


def test_a_file_that_is_too_large_is_not_read(store: Store) -> None:
    with (store.folder / "large.toml").open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(StorageError, match=r"too large for a record: 1,048,577 bytes"):
        store.read("large")


def test_a_file_that_may_not_be_read_is_a_storage_error(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(StorageError, match="permission denied"):
        store.read("good")


def test_a_folder_that_is_not_there_is_a_storage_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot list"):
        Store(tmp_path / "none").keys()


TEXT = '''title = "T"  # a comment = "x"
people.author = ["A"]
note = """
date = "not a key"
"""
verse = \'\'\'one line\'\'\'
[[location]]
archive = "X"
[[location]]
  list  =  "9-1"
[location.deep]
a = 1
["quoted key"]
b = 2
'''


@pytest.mark.parametrize(
    ("at", "line", "column"),
    [
        (("title",), 1, 9),
        (("people", "author", 0), 2, 18),
        (("people",), 2, 17),
        (("people", "missing"), 2, 17),
        (("date",), 0, 0),
        (("verse",), 6, 9),
        (("location", 0, "archive"), 8, 11),
        (("location", 1, "list"), 10, 12),
        (("location", 1, "missing"), 9, 3),
        (("location", 1, "deep", "a"), 12, 5),
        (("quoted key", "b"), 14, 5),
        ((), 0, 0),
    ],
)
def test_the_place_of_a_value_is_found(at: tuple[str | int, ...], line: int, column: int) -> None:
    assert find_place("f", TEXT, at) == Where("f", line, column)


def test_each_of_many_faults_is_found_in_its_place_at_once() -> None:
    def places(count: int) -> Where:
        text = "author = [" + '"", ' * count + "]"
        return [find_place("f", text, ("author", number)) for number in range(count)][-1]

    assert places(3) == Where("f", 1, 19)
    assert growth(places, 300) < LINEAR
