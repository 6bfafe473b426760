"""A small Gerrit: the few REST calls the project makes, answering from changes in memory.

Built from the documentation of Gerrit's REST API and its search operators, **not yet compared
with a real Gerrit**. What it cannot do it refuses with status 400, and never answers half.
"""

import copy
import json
import re
import threading
from datetime import UTC, datetime

from .serving import Reply, Request

LIMIT = 500
"""The most that anonymous callers get at once, whatever they ask for."""

OPTIONS = {
    "CURRENT_REVISION",
    "CURRENT_COMMIT",
    "CURRENT_FILES",
    "DETAILED_ACCOUNTS",
    "DETAILED_LABELS",
    "LABELS",
    "MESSAGES",
    "SKIP_DIFFSTAT",
    "SUBMITTABLE",
    "TRACKING_IDS",
}
FOOTER = re.compile(r"^Bug:\s*(T\d+)\s*$", re.MULTILINE | re.IGNORECASE)
TOKENS = re.compile(
    r"""\s*(?:(?P<mark>[()])|(?P<word>-?(?:\w+:)?(?:"[^"]*"|\{[^}]*\}|[^\s()"{}]+)))"""
)
MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?: ([+-]\d{4}))?)?")


class BadRequest(Exception):
    """A query that makes no sense; the text goes to the caller."""


class NotFound(Exception):
    """There is no such thing."""


class Gerrit:
    """The changes, the accounts, and the calls."""

    def __init__(self):
        """Begin with nothing."""
        self.changes, self.accounts = {}, {}
        self.lock = threading.Lock()

    def add(self, changes=(), people=()):
        """Take news; a change already known is replaced. Whoever has a hand in it has an account."""
        with self.lock:
            for person in people:
                if person.get("gerrit"):
                    name = person["gerrit_username"]
                    account = {
                        "_account_id": person["gerrit"],
                        "name": person["developer"],
                        "email": f"{name}@example.org",
                        "username": name,
                    }
                    self.accounts.setdefault(person["gerrit"], account)
            for change in changes:
                self.changes[change["_number"]] = change
                for account in (change["owner"], change.get("submitter")):
                    if account:
                        self.accounts[account["_account_id"]] = account

    def answer(self, request: Request) -> Reply:
        """Answer one request; ``/r`` before the path is taken as Wikimedia's prefix."""
        path = request.path.removeprefix("/r").rstrip("/")
        try:
            if request.method != "GET":
                raise NotFound("Not found")
            with self.lock:
                value = self._call(path, request.query)
        except BadRequest as error:
            return plain(400, error)
        except NotFound as error:
            return plain(404, error)
        body = ")]}'\n" + json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
        return Reply(body.encode(), "application/json; charset=UTF-8")

    def _call(self, path, query):
        if path == "/changes":
            return self._changes(query)
        if path == "/accounts":
            return self._accounts(query)
        if path == "/config/server/version":
            return "3.10.6"
        match = re.fullmatch(r"/accounts/(\w[\w.-]*)(?:/detail)?", path)
        if match:
            found = self._named(match[1])
            if found:
                return found[0]
            raise NotFound(f"Account '{match[1]}' not found")
        raise NotFound("Not found")

    def _changes(self, query):
        """Answer ``/changes/``: newest update first; several ``q`` give several lists."""
        sent = Parameters(query)
        options = set(sent.all("o"))
        for name in sorted(options - OPTIONS):
            raise BadRequest(f'"{name}" is not a valid value for "-o"')
        size, start = sent.number("n", "limit", LIMIT), sent.number("S", "start", 0)
        everything = sorted(
            self.changes.values(), key=lambda c: (c["updated"], c["_number"]), reverse=True
        )
        answers = []
        for text in sent.all("q") or ["status:open"]:
            fits = Query(self, text).read()
            found = [change for change in everything if fits(change)]
            cut = found[start : start + size]
            answer = [self._shown(change, options) for change in cut]
            if len(found) > start + size and answer:
                answer[-1]["_more_changes"] = True
            answers.append(answer)
        return answers[0] if len(answers) == 1 else answers

    def _shown(self, change, options):
        """Return *change* with only what was asked for."""
        shown = copy.deepcopy(change)
        for name, option in (
            ("messages", "MESSAGES"),
            ("current_revision", "CURRENT_REVISION"),
            ("revisions", "CURRENT_REVISION"),
        ):
            if option not in options:
                shown.pop(name, None)
        for revision in shown.get("revisions", {}).values():
            if "CURRENT_COMMIT" not in options:
                revision.pop("commit", None)
            if "CURRENT_FILES" not in options:
                revision.pop("files", None)
        if "SKIP_DIFFSTAT" in options:
            del shown["insertions"], shown["deletions"]
        if "TRACKING_IDS" in options:
            shown["tracking_ids"] = [{"system": "Phab", "id": task} for task in tasks_of(change)]
        return shown if "DETAILED_ACCOUNTS" in options else bare(shown)

    def _named(self, text):
        """Return the accounts that *text* may mean, best meaning first."""
        if text.isdigit() and int(text) in self.accounts:
            return [self.accounts[int(text)]]
        for name in ("username", "email", "name"):
            found = [a for a in self.accounts.values() if a.get(name) == text]
            if found:
                return found
        return []

    def owners(self, text):
        """Return the ids that ``owner:text`` means."""
        found = self._named(text)
        if not found:
            raise BadRequest(f"Account '{text}' not found")
        if len(found) > 1:
            raise BadRequest(f"Account '{text}' is ambiguous (at most 3 shown):")
        return {account["_account_id"] for account in found}

    def _accounts(self, query):
        """Answer ``/accounts/?q=``. The operators find beginnings, as Gerrit's do."""
        sent = Parameters(query)
        if not sent.all("q"):
            raise BadRequest("missing query field")
        text = sent.all("q")[0]
        size, start = sent.number("n", "limit", LIMIT), sent.number("S", "start", 0)
        fits = AccountQuery(text).read()
        active = "is:" not in text  # unless said, only active accounts
        found = [
            account
            for _, account in sorted(self.accounts.items())
            if fits(account) and not (active and account.get("inactive"))
        ]
        answer = [dict(account) for account in found[start : start + size]]
        if not {"DETAILS", "ALL_EMAILS"} & set(sent.all("o")):
            answer = [{"_account_id": account["_account_id"]} for account in answer]
        if len(found) > start + size and answer:
            answer[-1]["_more_accounts"] = True
        return answer


class Parameters:
    """The parameters of a query."""

    def __init__(self, query):
        """Keep the pairs."""
        self.query = query

    def all(self, name):
        """Return every value of *name*."""
        return [value for key, value in self.query if key == name]

    def number(self, short, long, default):
        """Read a number under one of its two names; never more than the limit for a size."""
        value = next(iter(self.all(short) + self.all(long)), None)
        if value is None:
            return default
        if not re.fullmatch(r"-?\d+", value):
            raise BadRequest(f'"{value}" is not a valid value for "--{long}"')
        if short == "S":
            return max(0, int(value))
        if int(value) <= 0:
            raise BadRequest("limit must be a positive number")
        return min(int(value), default)


class Query:
    """Reads a search text: words side by side mean AND, which binds closer than OR."""

    def __init__(self, gerrit, text):
        """Cut *text* into tokens."""
        self.gerrit, self.tokens = gerrit, []
        place = 0
        while text[place:].strip():
            match = TOKENS.match(text, place)
            if not match:
                raise BadRequest(f"line 1:{place} no viable alternative at input '{text[place:]}'")
            self.tokens.append(match["mark"] or match["word"])
            place = match.end()

    def read(self):
        """Return the test that the text means."""
        if not self.tokens:
            raise BadRequest("query is invalid")
        fits = self._either()
        if self.tokens:
            raise BadRequest(f"line 1:0 extraneous input '{self.tokens[0]}'")
        return fits

    def _either(self):
        tests = [self._both()]
        while self.tokens[:1] == ["OR"]:
            self.tokens.pop(0)
            tests.append(self._both())
        return lambda item: any(fits(item) for fits in tests)

    def _both(self):
        tests = [self._one()]
        while self.tokens and self.tokens[0] not in ("OR", ")"):
            if self.tokens[0] == "AND":
                self.tokens.pop(0)
            tests.append(self._one())
        return lambda item: all(fits(item) for fits in tests)

    def _one(self):
        token = self.tokens.pop(0) if self.tokens else ")"
        if token in ("NOT", "-"):
            fits = self._one()
            return lambda item: not fits(item)
        if token == "(":
            fits = self._either()
            if self.tokens[:1] != [")"]:
                raise BadRequest("line 1:0 mismatched input '<EOF>' expecting ')'")
            self.tokens.pop(0)
            return fits
        if token in (")", "OR", "AND"):
            raise BadRequest(f"line 1:0 no viable alternative at input '{token}'")
        if token.startswith("-"):
            fits = self.term(token[1:])
            return lambda item: not fits(item)
        return self.term(token)

    def term(self, token):
        """Return the test of one word, with or without an operator."""
        name, colon, value = token.partition(":")
        if not colon or token[0] in '"{':
            return self.word(unquoted(token))
        operator = getattr(self, f"op_{name.lower()}", None)
        if operator is None:
            raise BadRequest(f"Unsupported operator {name}:{unquoted(value)}")
        return operator(unquoted(value))

    def word(self, text):
        """Return the test of a word alone: a number, a Change-Id or a commit."""
        if text.isdigit():
            return lambda change: change["_number"] == int(text)
        if re.fullmatch(r"I[0-9a-f]{4,40}", text):
            return lambda change: change["change_id"].startswith(text)
        if re.fullmatch(r"[0-9a-f]{6,40}", text):
            return lambda change: change["current_revision"].startswith(text)
        raise BadRequest(f"Unsupported query: {text}")

    op_change = word
    op_commit = word

    def op_status(self, value):
        """``status:merged``."""
        closed = {"MERGED", "ABANDONED"}
        if value.lower() in ("open", "pending"):
            return lambda change: change["status"] not in closed
        if value.lower() == "closed":
            return lambda change: change["status"] in closed
        if value.upper() not in {*closed, "NEW"}:
            raise BadRequest(f"Unrecognized value: {value}")
        return lambda change: change["status"] == value.upper()

    def op_is(self, value):
        """``is:merged``, ``is:private``."""
        if value == "private":
            return lambda change: bool(change.get("is_private"))
        if value == "wip":
            return lambda change: bool(change.get("work_in_progress"))
        return self.op_status(value)

    def op_owner(self, value):
        """``owner:NAME``, by id, user name, address or full name."""
        ids = self.gerrit.owners(value)
        return lambda change: change["owner"]["_account_id"] in ids

    def op_project(self, value):
        """``project:NAME``, exactly."""
        return lambda change: change["project"] == value

    op_p = op_repo = op_project

    def op_projects(self, value):
        """``projects:PREFIX``."""
        return lambda change: change["project"].startswith(value)

    def op_branch(self, value):
        """``branch:NAME``."""
        return lambda change: change["branch"] == value.removeprefix("refs/heads/")

    def op_topic(self, value):
        """``topic:NAME``."""
        return lambda change: change.get("topic", "") == value

    def op_bug(self, value):
        """``bug:T123``: served by the tracking ids, that is by the footers."""
        return lambda change: value in tasks_of(change)

    op_tr = op_bug

    def op_message(self, value):
        """``message:TEXT``."""
        return lambda change: value.lower() in commit_of(change)["message"].lower()

    def op_revertof(self, value):
        """``revertof:NUMBER``."""
        if not value.isdigit():
            raise BadRequest(f"Invalid value for revertof: {value}")
        return lambda change: change.get("revert_of") == int(value)

    def op_cherrypickof(self, value):
        """``cherrypickof:NUMBER``."""
        if not value.isdigit():
            raise BadRequest(f"Invalid value for cherrypickof: {value}")
        return lambda change: change.get("cherry_pick_of_change") == int(value)

    def op_mergedafter(self, value):
        """``mergedafter:TIME``; the bound belongs to it."""
        moment = moment_of(value)
        return lambda change: "submitted" in change and change["submitted"] >= moment

    def op_mergedbefore(self, value):
        """``mergedbefore:TIME``; the bound belongs to it."""
        moment = moment_of(value)
        return lambda change: "submitted" in change and change["submitted"] <= moment

    def op_after(self, value):
        """``after:TIME``: the last update."""
        moment = moment_of(value)
        return lambda change: change["updated"] >= moment

    def op_before(self, value):
        """``before:TIME``: the last update."""
        moment = moment_of(value)
        return lambda change: change["updated"] <= moment

    op_since, op_until = op_after, op_before


class AccountQuery(Query):
    """Reads a search for accounts."""

    def __init__(self, text):
        """Cut *text* into tokens."""
        super().__init__(None, text)

    def term(self, token):
        """Return the test of one word."""
        name, colon, value = token.partition(":")
        if not colon or token[0] in '"{':
            return self.word(unquoted(token))
        value = unquoted(value).lower()
        if name == "is" and value in ("active", "inactive"):
            return lambda account: bool(account.get("inactive")) == (value == "inactive")
        if name in ("username", "email"):
            return lambda account: account.get(name, "").lower().startswith(value)
        if name == "name":
            return lambda account: begins(account, value)
        raise BadRequest(f"Unsupported operator {name}:{value}")

    def word(self, text):
        """Return the test of a word alone: an id, or the beginning of any name."""
        if text.isdigit():
            return lambda account: account["_account_id"] == int(text)
        return lambda account: begins(account, text.lower())


def begins(account, value):
    """Whether any part of the account's names begins with *value*."""
    names = [account.get(name, "").lower() for name in ("name", "email", "username")]
    return any(part.startswith(value) for name in names for part in [name, *name.split()])


def plain(status, error):
    """Return an error as Gerrit sends it: plain text."""
    return Reply(str(error).encode(), "text/plain; charset=UTF-8", status)


def unquoted(value):
    """Take the quotes away."""
    quoted = len(value) > 1 and (value[0], value[-1]) in (('"', '"'), ("{", "}"))
    return value[1:-1] if quoted else value


def moment_of(value):
    """Read a time; return it as Gerrit writes it, so that texts compare."""
    match = MOMENT.fullmatch(value)
    if not match:
        raise BadRequest(f"Invalid date: {value}")
    day, clock, fraction, zone = match.groups()
    try:
        moment = datetime.strptime(
            f"{day} {clock or '00:00:00'} {zone or '+0000'}", "%Y-%m-%d %H:%M:%S %z"
        )
    except ValueError:
        raise BadRequest(f"Invalid date: {value}") from None
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}.{(fraction or '').ljust(9, '0')}"


def commit_of(change):
    """Return the commit of the current revision."""
    return change["revisions"][change["current_revision"]]["commit"]


def tasks_of(change):
    """Return the tasks that the footers name."""
    return FOOTER.findall(commit_of(change)["message"])


def bare(value):
    """Reduce every account within *value* to its id."""
    if isinstance(value, list):
        return [bare(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    if "_account_id" in value:
        return {"_account_id": value["_account_id"]}
    return {name: bare(inner) for name, inner in value.items()}
