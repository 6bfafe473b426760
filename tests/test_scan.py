"""The scan finds what was planted, in each place and form, and nothing where nothing is."""

import base64
import html
import json
import sqlite3
import unicodedata
from urllib.parse import quote, quote_plus

import pytest

from tests.scan import Gone, scan

SECRET = 'p/w+ "Zoë"=1&2\\x:r1ghtW0rd'
TOKEN = "api-abcdefghijklmnopqrstuvwxyz01"
ZOE = Gone(("Zoë d'Example", "PHID-USER-abcd1234"), (1_900_123_456, -1_900_123_456))

FORMS = {
    "plain": lambda s: s,
    "in an address": lambda s: f"mysql://u:{quote(s, safe='')}@host/d",
    "in a form": lambda s: f"lgpassword={quote_plus(s)}&x=1",
    "quoted in small letters": lambda s: quote(s, safe="").lower() if s == s.lower() else quote(s),
    "quoted twice": lambda s: quote(quote(s, safe=""), safe=""),
    "in JSON": lambda s: json.dumps({"k": s}),
    "in JSON, with its own letters": lambda s: json.dumps({"k": s}, ensure_ascii=False),
    "in JSON in JSON": lambda s: json.dumps(json.dumps(s)),
    "as Python prints it": lambda s: repr([s]),
    "as Python prints bytes": lambda s: repr({"h": s.encode()}),
    "in HTML": lambda s: f"<p>{html.escape(s)}</p>",
    "as Basic authentication": lambda s: "Basic " + base64.b64encode(f"me:{s}".encode()).decode(),
    "in base64 of addresses": lambda s: base64.urlsafe_b64encode(f"{s}:x".encode()).decode(),
    "in hexadecimal": lambda s: s.encode().hex(),
}
SPLIT = {
    "over two literals": lambda s: f"raise Error('{s[:9]}'\n    '{s[9:]}')",
    "by the end of a line": lambda s: f"{s[:9]}\n     {s[9:]}",
    "by colours": lambda s: f"\x1b[31m{s[:9]}\x1b[0m{s[9:]}\x1b[K",
    "by a bar that begins anew": lambda s: f"{s[:9]}\r{s[9:]}",
    "and cut off": lambda s: f"'{s[:16]}...'",
}
BEARERS = {
    "log": lambda text, folder: {"log": text},
    "ledger": lambda text, folder: {"ledger": b"\0" + text.encode() + b"\0"},
    "page": lambda text, folder: {"pages": {"User:Bot/x.json": text}},
    "file": lambda text, folder: {"files": [file_with(text, folder)]},
}


def file_with(text, folder):
    (folder / "apicache").mkdir()
    (folder / "apicache" / "siteinfo").write_text(text)
    return folder


@pytest.mark.parametrize("bearer", BEARERS)
@pytest.mark.parametrize("form", FORMS)
def test_a_planted_secret_and_a_planted_name_are_found_in_every_form(form, bearer, tmp_path):
    text = "before " + FORMS[form](SECRET) + FORMS[form](f" {ZOE.words[0]} ") + " behind"
    given = BEARERS[bearer](text, tmp_path)

    found = scan(**given, secrets={"password": SECRET}, people=[ZOE])

    assert any("password" in one for one in found)
    assert any("word 1 of person 1" in one for one in found)
    assert not any(word in one for one in found for word in (SECRET, ZOE.words[0]))
    assert scan(**given, secrets={"password": "another secret"}, people=[Gone(("Ada",))]) == []


@pytest.mark.parametrize("split", SPLIT)
def test_a_secret_is_found_in_pieces(split):
    assert scan(log=SPLIT[split](TOKEN), secrets={"token": TOKEN})
    assert not scan(log=SPLIT[split](TOKEN[::-1]), secrets={"token": TOKEN})


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("gap", [" ", "_"])
@pytest.mark.parametrize("change", [str.lower, str.title, quote, json.dumps])
def test_a_name_is_found_in_every_spelling(form, gap, change):
    name = unicodedata.normalize(form, "zoë d'example").replace(" ", gap)

    assert scan(log=f"saved User:{change(name)}.json", people=[ZOE])
    assert not scan(log=f"saved User:x{name[:7]}x.json", people=[ZOE])
    short = [Gone(("zoey", "Al"))]
    assert scan(log="saved ZOEY.json", people=short)
    assert not scan(log="saved zoeys.json by Al", people=short)


def test_ids_are_found_as_digits_and_as_sqlite_packs_them_even_in_what_was_deleted(tmp_path):
    for number in ZOE.ids:
        file = tmp_path / f"{number}.sqlite"
        db = sqlite3.connect(file)
        db.execute("PRAGMA secure_delete = OFF")
        db.execute("CREATE TABLE person (user INTEGER, name TEXT)")
        db.execute("INSERT INTO person VALUES (?, 'someone')", (number,))
        db.commit()
        db.execute("DELETE FROM person")
        db.commit()
        db.close()
        assert scan(ledger=file.read_bytes(), people=[ZOE]) == [
            "ledger: an id of person 1 (packed)"
        ]
        assert scan(log=f'{{"user": {number}}}', people=[ZOE]) == [
            "log: an id of person 1 (digits)"
        ]
    assert not scan(log="11900123456 19001234567", people=[ZOE])


def test_a_title_may_bear_a_name_and_no_secret_and_given_files_are_not_searched(tmp_path):
    pages = {f"User:Bot/{ZOE.words[0]} {TOKEN}.json": "{}"}
    (tmp_path / "user-password.py").write_text(TOKEN)

    assert scan(pages=pages, people=[ZOE]) == []
    assert {one.partition(":")[0] for one in scan(pages=pages, secrets={"t": TOKEN})} == {"titles"}
    assert scan(files=[tmp_path], secrets={"t": TOKEN})
    assert not scan(files=[tmp_path], secrets={"t": TOKEN}, given=["user-password.py"])
