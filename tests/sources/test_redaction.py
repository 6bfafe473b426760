"""No token and no password in any text, however it is written there."""

import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from sources.redaction import SHOWN, Redactor, passwords_of, secrets_of
from tests.secret_forms import forms

SECRET = "api-abc/def+ghi=jkl mno"
signs = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029\u0085")
secrets = st.text(signs, min_size=8, max_size=40) | st.text(
    st.sampled_from("abcDEF019+/=-_.~%&?#\\\"'@: "), min_size=8, max_size=40
)
beside = st.text(signs, max_size=12)


@given(secrets, beside, beside)
@example(SECRET, "Authorization: Basic ", "\n")
@example("a" * 8, "a", "a")
@example("sec[secret]ret", "", "")
def test_a_known_secret_is_in_no_text_in_any_of_its_forms(secret, before, behind):
    assume(secret not in SHOWN)
    redact = Redactor([secret])

    for form in filter(None, forms(secret)):
        told = redact(f"{before}{form}{behind}")
        # What stands beside it may complete another one; but none of it stays as it was.
        assert secret not in told.replace(SHOWN, "\0"), (form, told)
        assert form not in told.replace(SHOWN, "\0"), (form, told)


PLACES = {
    "a login in an address": lambda s: f"at https://me:{quote(s, '')}@host/path failed",
    "a parameter": lambda s: f"GET /x?a=1&token={quote(s, '')}&b=2",
    "a form": lambda s: f"api.token={quote_plus(s)}&task=1",
    "a header": lambda s: f"Authorization: Bearer {s}",
    "headers in Python": lambda s: repr({"PRIVATE-TOKEN": s, "b": 1}),
    "headers in bytes": lambda s: repr([("Cookie", s.encode()), ("b", 1)]),
    "JSON": lambda s: json.dumps({"a": 1, "lgpassword": s, "b": 2}),
    "JSON in JSON": lambda s: json.dumps(json.dumps({"api_token": s})),
}


@pytest.mark.parametrize("place", PLACES)
@given(secret=secrets)
@example(secret="\"quoted\\\" and 'so'")
@example(secret="ends with \\")
def test_a_secret_nobody_told_us_of_does_not_pass_where_secrets_stand(place, secret):
    assume(not secret.isspace())
    told = Redactor()(PLACES[place](secret))

    assert SHOWN in told
    assert not [one for one in forms(secret) if one and one in told.replace(SHOWN, "\0")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("mysql://tools:pa@ss@host/db", f"mysql://{SHOWN}@host/db"),
        ("GET /api?api.token=abc123&x=1", f"GET /api?api.token={SHOWN}&x=1"),
        ("/x?private_token=a%20b", f"/x?private_token={SHOWN}"),
        ("Authorization: Bearer abc.def\nX: 1", f"Authorization: {SHOWN}\nX: 1"),
        ("{'PRIVATE-TOKEN': 'ab\"c', 'x': 1}", f"{{'PRIVATE-TOKEN': '{SHOWN}', 'x': 1}}"),
        ("[('Cookie', b'a=b; c')]", f"[('Cookie', b'{SHOWN}')]"),
        ("Set-Cookie: session=1; path=/", f"Set-Cookie: {SHOWN}"),
        ('{"lgpassword": "a\\"b", "b": 1}', f'{{"lgpassword": "{SHOWN}", "b": 1}}'),
        ("oauth_signature=xyz", f"oauth_signature={SHOWN}"),
    ],
)
def test_what_nobody_told_us_of_is_found_by_its_place(text, told):
    assert Redactor()(text) == told


@pytest.mark.parametrize(
    "text",
    [
        "The source is refused, and its token still sees public tasks.",
        "Phabricator: BADGES_PHABRICATOR_TOKEN is not set. Set it.",
        "https://meta.wikimedia.org/wiki/Special:BotPasswords?uselang=de",
        "[[User:BadgeBot/Developer badges/report.json]] was saved.",
    ],
)
def test_words_stay(text):
    assert Redactor(["", "so", "the"])(text) == text


def test_passwords_are_found_in_addresses_and_tokens_in_the_environment():
    assert passwords_of("mysql+pymysql://me:a%40b@host/db") == ["a%40b", "a@b"]
    assert passwords_of("http://127.0.0.1:8080/x") == []
    assert passwords_of("sqlite:///ledger.sqlite") == []
    assert secrets_of({"BADGES_X_TOKEN": "abcd", "OTHER_TOKEN": "none", "P": "http://a:b@c"}) == [
        "abcd",
        "b",
    ]
