"""Which keys a paper cites: as LaTeX, biblatex and pandoc say it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citekit.cited import Cites, Read, cited, in_aux, in_bcf, in_markdown, is_cross_reference
from citekit.errors import UsageError, Where
from tests.growth import LINEAR, growth_of_reading
from tests.shared import pandoc
from tests.strategies import ugly_text

# LaTeX

# What LaTeX 2022 wrote for \cite{one,two} \cite[p. 3]{three} \nocite{*} \include{ch/one}
PLAIN = "\\relax \n\\citation{one,two}\n\\citation{three}\n\\citation{*}\n\\@input{ch/one.aux}\n\\bibstyle{plain}\n"
# And with biblatex 3.18
BIBLATEX = (
    "\\relax \n\\abx@aux@refcontext{nty/global//global/global}\n\\abx@aux@cite{0}{one}\n\\abx@aux@segm{0}{0}{one}\n"
    "\\abx@aux@cite{0}{two}\n\\abx@aux@segm{0}{0}{two}\n\\abx@aux@nociteall\n\\@input{ch/one.aux}\n"
)


def test_an_aux_file_says_keys_chapters_and_whether_everything_is_cited() -> None:
    assert in_aux(PLAIN) == Cites({"one": 2, "two": 2, "three": 3}, every=True, chapters=("ch/one.aux",))
    assert in_aux(BIBLATEX) == Cites({"one": 3, "two": 5}, every=True, chapters=("ch/one.aux",))
    assert in_aux("\\abx@aux@cite{one}\n\\citation{ a , b,}\n\\citation{}") == Cites({"one": 1, "a": 2, "b": 2})


BCF = """<?xml version="1.0" encoding="UTF-8"?>
<bcf:controlfile version="3.9" bltxversion="3.18b" xmlns:bcf="https://sourceforge.net/projects/biblatex">
  <bcf:section number="0">
    <bcf:citekey order="1" intorder="1">one</bcf:citekey>
    <bcf:citekey order="3" intorder="1" nocite="1">four</bcf:citekey>
    <bcf:citekey order="4" type="set" members="a,b">mine</bcf:citekey>
    <bcf:citekeycount>one</bcf:citekeycount>
  </bcf:section>
</bcf:controlfile>
"""


def test_a_bcf_file_says_keys_sets_and_whether_everything_is_cited() -> None:
    assert in_bcf(BCF) == Cites({"one": 4, "four": 5, "a": 6, "b": 6})
    assert in_bcf(BCF.replace(">four<", ">*<")) == Cites({"one": 4, "a": 6, "b": 6}, every=True)


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ('<!DOCTYPE x [<!ENTITY e "k">]><x><citekey>&e;</citekey></x>', "it declares a document type", 1),
        ("<x>\n<citekey>a</x>", "not XML: mismatched tag", 2),
        ("", "not XML: no element found", 1),
    ],
)
def test_what_is_no_bcf_file_is_refused_with_its_line(text: str, said: str, line: int) -> None:
    with pytest.raises(UsageError) as caught:
        cited("paper.bcf", lambda _: text)
    assert caught.value.message == said
    assert caught.value.where is not None
    assert (caught.value.where.path, caught.value.where.line) == ("paper.bcf", line)


# Chapters


def test_chapters_are_followed_in_the_folder_of_the_paper_and_never_twice() -> None:
    files = {
        "a/paper.aux": "\\citation{one}\\@input{ch/x.aux}\\@input{../out.aux}\\@input{/etc/out.aux}\\@input{gone.aux}",
        "a/ch/x.aux": "\n\\citation{one,two}\\@input{./ch/x.aux}\\@input{paper.aux}\\@input{ch/y.aux}",
        "a/ch/y.aux": "\\citation{three}",
        "out.aux": "\\citation{secret}",
    }
    found = cited("a/paper.aux", files.get)
    keys = {"one": Where("a/paper.aux", 1), "two": Where("a/ch/x.aux", 2), "three": Where("a/ch/y.aux", 1)}
    assert (found.keys, found.every) == (keys, False)
    assert found.missing == ("../out.aux", "/etc/out.aux", "a/gone.aux")


def test_a_file_whose_citations_cannot_be_read_is_named() -> None:
    with pytest.raises(UsageError, match=r"paper\.tex is no file of which the citations can be read"):
        cited("paper.tex", lambda _: "")


# Markdown

DRAFT = """\
---
nocite: |
  @n1, @{n2}
author: a@b.org
---

See [@key, l. 5; -@key2], foo-@dash (@paren) "@quote" \\@escaped @Foo_bar.baz. @Foo_bar--baz *@strong*
@{x:y.} @under_ @9num @a:b @k's @ключ `@code` ``a`@code`` <a@b.cd> x@y.de @a..b, @@two [@in]{.span} ![@alt](u)

- an item

    @listed

~~~
@fenced
~~~

para

    @indented

<!-- @comment
@comment -->

> ``` {.r}
> @fenced
> ```

[^1]: @note

    @more

@last[^1]
"""


def cites(value: Any) -> set[str]:
    """The keys of pandoc's tree."""
    if isinstance(value, dict):
        own = {cite["citationId"] for cite in value["c"][0]} if value.get("t") == "Cite" else set()
        return own.union(*map(cites, value.values()))
    return set().union(*map(cites, value)) if isinstance(value, list) else set()


def test_a_markdown_text_cites_what_pandoc_says_it_does() -> None:
    found = in_markdown(DRAFT)
    assert set(found.keys) == cites(json.loads(pandoc("-f", "markdown", "-t", "json", text=DRAFT)))
    assert [found.keys[key] for key in ("n1", "key", "9num", "listed", "last")] == [3, 7, 8, 12, 33]


@pytest.mark.parametrize(
    "text",
    [
        "https://mastodon.social/@name and [him](https://mastodon.social/@name)",
        "mail@example.org, <mail@example.org>, mailto:mail@example.org",
        "```\n@fence\n",
        "`` @code `x` ``",
        "    @code\n\n    @code\n",
        "@ @. @- \\@x",
    ],
)
def test_addresses_and_code_are_no_citations(text: str) -> None:
    assert in_markdown(text) == Cites()


def test_a_backtick_without_its_like_is_a_backtick() -> None:
    assert set(in_markdown("a ` b @one\n\n` c @two `` d ` @three").keys) == {"one", "three"}


def test_everything_is_cited_by_a_star() -> None:
    assert in_markdown("nocite: '@*'") == Cites(every=True)


@pytest.mark.parametrize("key", ["fig:map", "sec-two", "tbl:1"])
def test_figures_and_sections_may_be_meant(key: str) -> None:
    assert is_cross_reference(key)
    assert not is_cross_reference("figures-1949")


@given(st.sampled_from([in_aux, in_markdown]), ugly_text | st.text("@{}[]`~<>!-\\ \nab*:", max_size=60))
def test_any_text_can_be_read_and_no_key_has_blanks(read: Any, text: str) -> None:
    found = read(text)
    lines = text.count("\n") + 1
    assert all(key.strip() and 1 <= line <= lines for key, line in found.keys.items())


@pytest.mark.parametrize(
    "piece", ["` `` ", "<!--", "[@a", "](x", "a://", "\\citation{", "> ```\n", "~~~ `\n", "@a-", "V.", "+", "-a"]
)
@pytest.mark.parametrize("read", [in_markdown, in_aux])
def test_hostile_texts_are_read_in_linear_time(read: Read, piece: str) -> None:
    assert growth_of_reading(read, piece) < LINEAR
