"""The ways in which texts carry a secret."""

import base64
import json
from collections.abc import Iterator
from urllib.parse import quote, quote_plus


def forms(secret: str) -> Iterator[str]:
    """As it is, encoded, escaped, and beside other things in base64; some may be empty."""
    raw = secret.encode()
    yield from (secret, quote(secret), quote(secret, ""), quote_plus(secret))
    yield from (quote(quote(secret, ""), ""), quote(secret, "").lower() if secret.islower() else "")
    yield from (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1])
    yield from (json.dumps(json.dumps(secret))[3:-3], repr(secret)[1:-1], repr(raw)[2:-1])
    for before in ("", "u:", "me:", "tools:"):
        for behind in ("", "x", "xy"):
            text = f"{before}{secret}{behind}".encode()
            yield base64.b64encode(text).decode()
            yield base64.urlsafe_b64encode(text).decode()
            yield quote(base64.b64encode(text), "")
