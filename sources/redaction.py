"""What never comes out: tokens and passwords, whatever their way in. The one place that knows how.

Secrets that are known are found in every form in which texts carry them: as they are, percent-encoded,
escaped as in JSON or Python, as HTML, and in base64 as a part of anything. Secrets that nobody told us of
are found by their place: the user's part of a URL, parameters and headers that carry secrets.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

SHOWN = "[secret]"
SHORTEST = 4
"""A secret shorter than this is found by its place only: else it would eat words."""
_NAMES = (
    r"(?:[\w.\-]*(?:token|api[_\-]?key|apikey|password|passwd|passphrase|secret|access[_\-]key)"
    r"|oauth_\w+|lgpassword|signature|sig)"
)
_HEADERS = (
    r"(?:proxy-)?authorization|(?:[\w\-]+-)?(?:private|job|deploy|auth|csrf|api)[\-_]token"
    r"|x-api-key|(?:set-)?cookie2?"
)
_PLACES: tuple[tuple[re.Pattern[str], str], ...] = (
    # Whatever stands between // and the last @ before the path. A password may hold anything else.
    (re.compile(r"(?<=://)[^\s/?#\"'<>]+@"), f"{SHOWN}@"),
    # name: value, and as Python and JSON print it: 'name': 'value', ('name', b'value').
    (
        re.compile(rf"(?i)\b({_HEADERS})(\\*[\"']\s*[:,=]\s*b?(\\*[\"'])).*?(?=(?<!\\)\3|$)", re.M),
        rf"\1\2{SHOWN}",
    ),
    (re.compile(rf"(?im)\b({_HEADERS})(\s*[:=]\s*)(?=[^\s\"'])[^\r\n]*"), rf"\1\2{SHOWN}"),
    (re.compile(r"(?i)\b(bearer\s+)[\w.~+/=\-]+"), rf"\1{SHOWN}"),
    # In an address, and in a form.
    (re.compile(rf"(?i)\b({_NAMES})(=|%3D)[^&\s\"'<>#;,)]+"), rf"\1\2{SHOWN}"),
    (
        re.compile(rf"(?i)([\"']{_NAMES}\\*[\"']\s*:\s*b?(\\*[\"'])).+?(?=(?<!\\)\2|$)", re.M),
        rf"\1{SHOWN}",
    ),
)
_BY_NAME = re.compile(rf"(?i){_HEADERS}|{_NAMES}")
_ENTITIES = {"&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos"}
_LETTERS = {"\t": "t", "\n": "n", "\r": "r"}


class Redactor:
    """Takes secrets out of texts. It learns more of them as it meets them."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._known: dict[str, tuple[re.Pattern[str], ...]] = {}
        for secret in secrets:
            self.keep(secret)

    def keep(self, secret: str) -> None:
        """From now on *secret* appears in no text."""
        if len(secret) >= SHORTEST and secret not in self._known:
            # The longer first: one may be the beginning of another.
            known = {**self._known, secret: (*_in_base64(secret), _in_any_form(secret))}
            self._known = {one: known[one] for one in sorted(known, key=len, reverse=True)}

    def __call__(self, text: str) -> str:
        """Return *text* without secrets."""
        for patterns in self._known.values():
            for pattern in patterns:
                text = pattern.sub(SHOWN, text)
        for pattern, shown in _PLACES:
            text = pattern.sub(shown, text)
        return text

    def value(self, value: object) -> object:
        """Return what may become JSON, without secrets in any text of it, however deep."""
        if isinstance(value, str):
            return self(value)
        if isinstance(value, Mapping):
            return {
                self(str(key)): SHOWN if _BY_NAME.fullmatch(str(key)) else self.value(one)
                for key, one in value.items()
            }
        if isinstance(value, list | tuple | set | frozenset):
            return [self.value(one) for one in value]
        return value if isinstance(value, int | float | None) else self(str(value))


def secrets_of(environ: Mapping[str, str]) -> list[str]:
    """The secrets among environment variables, by their names and what they hold."""
    found = []
    for name, value in environ.items():
        if re.search(r"TOKEN|PASSWORD|PASSWD|SECRET|API_?KEY|ACCESS_?KEY", name.upper()):
            # Of others' variables only what looks like a secret: "none" shall stay a word.
            found += [value.strip()] * (name.startswith("BADGES_") or len(value.strip()) >= 8)
        found += passwords_of(value)
    return [one for one in found if one]


def passwords_of(url: str) -> list[str]:
    """The password of a URL as it stands there, and as it is meant; nothing where there is none."""
    _, marked, rest = url.partition("://")
    # The last @: a password that nobody encoded may hold one, and so may the rest of a wrong URL.
    login, _, _ = rest.rpartition("@")
    # Without a host, what stands behind the colon is a port, or a slip.
    _, colon, password = (login or rest).partition(":")
    if not (marked and colon) or (not login and (password.split("/")[0].isdigit())):
        return []
    return sorted({password, unquote(password)} - {""})


def _in_any_form(secret: str) -> re.Pattern[str]:
    """The secret with each of its signs written in any way, the ways mixed."""
    return re.compile("".join(map(_sign, secret)))


def _sign(sign: str) -> str:
    number = ord(sign)
    percent = "".join(f"%(?:25)*(?i:{byte:02x})" for byte in sign.encode("utf-8", "surrogatepass"))
    # However often it was escaped: each time doubles the backslashes.
    ways = [rf"\\*{re.escape(sign)}", percent, rf"&#(?:0*{number}|(?i:x0*{number:x}));"]
    if number < 256:
        ways.append(rf"\\+x(?i:{number:02x})")
    utf16 = sign.encode("utf-16-be", "surrogatepass").hex()
    ways.append("".join(rf"\\+u(?i:{utf16[at : at + 4]})" for at in range(0, len(utf16), 4)))
    if number > 0xFFFF:
        ways.append(rf"\\+U(?i:{number:08x})")
    if number > 127:
        ways.append(
            "".join(rf"\\+x(?i:{byte:02x})" for byte in sign.encode("utf-8", "surrogatepass"))
        )
    if sign == " ":
        ways.append(r"\+")
    if sign in _ENTITIES:
        ways.append(f"&{_ENTITIES[sign]};")
    if sign in _LETTERS:
        ways.append(rf"\\+{_LETTERS[sign]}")
    return f"(?:{'|'.join(ways)})"


def _in_base64(secret: str) -> list[re.Pattern[str]]:
    """What of a text in base64 says that the secret is in it, be it at any place of the text."""
    raw = secret.encode("utf-8", "surrogatepass")
    found = []
    for before in range(3):
        text = b64encode(b"\0" * before + raw).decode()
        # The signs at the ends depend on what stands beside it.
        core = text[(0, 2, 3)[before] : (before + len(raw)) * 4 // 3]
        if len(core) >= SHORTEST + 2:
            signs = "".join(
                {"+": r"(?:[+\-]|%2[Bb])", "/": r"(?:\\*/|_|%2[Ff])"}.get(c, c) for c in core
            )
            around = r"(?:[\w+/\-]|%2[BbFf]|\\/)*"
            found.append(re.compile(rf"{around}{signs}{around}(?:=|%3[Dd])*"))
    return found
