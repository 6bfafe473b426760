"""What somebody may write where a name, a first line or a parameter belongs, to break a page."""

from __future__ import annotations

from urllib.parse import quote

from hypothesis import strategies as st

FRAGMENTS = (
    *("<script>alert(1)</script>", "<b>", "</span></div>", "</td></tr></table>", "<br>", "<!--"),
    *("-->", "<nowiki>", "</nowiki>", "<pre>", "<ref>", "<includeonly>", "<noinclude>", "<bdi>"),
    *("<indicator name=x>x</indicator>", "<templatestyles src=x />", "<math>", "</style>", "<"),
    *("[[", "]]", "[[Category:Hacked]]", "[[File:X.png]]", "[[User:Admin|Ada]]", "[[:", "[[en:X]]"),
    *("[http://evil.example x]", "https://evil.example/", "mailto:a@evil.example", "RFC 1"),
    *("{{", "}}", "{{{1}}}", "{{!}}", "{{Developer badges}}", "{{#invoke:Developer badges|main}}"),
    *("{{DISPLAYTITLE:X}}", "{{PLURAL:$1|a|b}}", "{{GENDER:Ada|a|b|c}}", "{{:Ada}}", "{|", "|}"),
    *("'''", "''", "\n* ", "\n# ", "\n; ", "\n\n", "\n ", "\n----\n", "\n== X ==\n", "\n{|\n|-\n|"),
    *("~~~~", "__NOTOC__", "__FORCETOC__", "-{", "}-", "#REDIRECT [[Ada]]", "|", "||", "!!", "="),
    *('" onmouseover="alert(1)" x="', "' onclick='x", "javascript:alert(1)", '"', "'", "`", "\\"),
    *("&", "&lt;b&gt;", "&#91;&#91;Category:Hacked]]", "&#x5b;", "&nbsp;", "&amp;lt;"),
    *("$1", "$9", "%1", "%%", "%s", "%d", "%z", "%41", "\\1", "(", "[", "^", "$", "%"),
    *("\u202e", "\u200f", "\u2066", "\u200b", "\ufeff", "\u0301" * 9, "\U0001f600", "Ж" * 30, "\0"),
    *("\x7f'\"`UNIQ--nowiki-00000000-QINU`\"'\x7f", "\x7f", "\x1b", "\r", "\t", "A" * 120),
    *("/", "../", "#", ":", "Talk:", "Special:Diff/1", "User:", "127.0.0.1", "0", "-1", "1e999"),
    *("T1", "W463", "project~1", "issues:50", "all", "2025", "2025-03", "NaN", "nil", "qqx", "he"),
)


def texts() -> st.SearchStrategy[str]:
    """Pieces that mean something to MediaWiki, Lua or a browser, between pieces that mean nothing."""
    anything = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)
    piece = st.one_of(st.sampled_from(FRAGMENTS), st.sampled_from(FRAGMENTS), anything)
    return st.lists(piece, min_size=1, max_size=4).map("".join)


def several(count: int) -> st.SearchStrategy[list[str]]:
    """Return *count* different ones."""
    return st.lists(texts(), min_size=count, max_size=count, unique=True)


def coded(text: str) -> str:
    """Return *text* as it can stand in wikitext without meaning anything; mw.uri.decode reads it."""
    return quote(text, safe="")
