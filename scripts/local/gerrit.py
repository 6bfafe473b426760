"""A small Gerrit: the few REST calls the project makes, answering from changes in memory.

Compared with a real Gerrit 3.10, question by question, in ``tests/gerrit/test_small.py``. What it
cannot do it refuses with status 400, and never answers half.
"""

import copy
import json
import re
import threading
from datetime import UTC, datetime
from urllib.parse import unquote

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
    "TRACKING_IDS",
}
SHOWN = {
    "MESSAGES": ("messages",),
    "CURRENT_REVISION": ("current_revision", "revisions"),
    "LABELS DETAILED_LABELS": ("labels", "reviewers", "pending_reviewers", "removable_reviewers"),
}
"""What comes with one of these options only."""

AFTER = ("mergedafter", "after", "since")
BEFORE = {"mergedbefore": "mergedafter", "before": "after", "until": "after"}
"""What cannot be negated, and what is negated by its opposite: bounds count in, both ways."""

PERSONAL = ("name", "email", "username", "display_name", "status", "tags", "inactive")
FOOTER = re.compile(r"^Bug:\s*(T\d+)\s*$", re.MULTILINE | re.IGNORECASE)
TOKENS = re.compile(
    r"""\s*(?:(?P<mark>[()])|(?P<word>-?(?:\w+:)?(?:"[^"]*"|\{[^}]*\}|[^\s()"{}]+)))"""
)
MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?: ([+-]\d{4}))?)?")


class BadRequest(Exception):
    """A query that makes no sense; the text goes to the caller."""


class Forbidden(Exception):
    """A question for those who are logged in."""


class NotFound(Exception):
    """There is no such thing, or (as the container says in an encoding of its own) place."""

    charset = "utf-8"


class NoSuchPlace(NotFound):
    """There is no such place."""

    charset = "iso-8859-1"


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
        path = unquote(request.path.removeprefix("/r").rstrip("/"))
        try:
            if request.method != "GET":
                raise NoSuchPlace("Not Found")
            with self.lock:
                value = self._call(path, request.query)
        except BadRequest as error:
            return plain(400, error)
        except Forbidden as error:
            return plain(403, error)
        except NotFound as error:
            return Reply(str(error).encode(), f"text/plain;charset={error.charset}", 404)
        body = ")]}'\n" + json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
        return Reply(body.encode(), "application/json; charset=UTF-8")

    def _call(self, path, query):
        if path == "/changes":
            return self._changes(query)
        if path == "/accounts":
            return self._accounts(query)
        if path == "/config/server/version":
            return "3.10.6"
        match = re.fullmatch(r"/accounts/([^/]+)(?:/detail)?", path)
        if match:
            found = self._named(match[1])
            if found:
                return found[0]
            raise NotFound(f"Account '{match[1]}' not found")
        match = re.fullmatch(r"/changes/(\d+)/comments", path)
        if match:
            if int(match[1]) not in self.changes:
                raise NotFound(f"Not found: {match[1]}")
            return {}  # inline comments are beyond the sample
        raise NoSuchPlace("Not Found")

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
        for option, names in SHOWN.items():
            if not options.intersection(option.split()):
                for name in names:
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
        """Return the ids that ``owner:text`` means; none where it may mean two."""
        if text == "self":
            raise Forbidden("Must be signed-in to use this operator")
        found = self._named(text)
        return {account["_account_id"] for account in found} if len(found) == 1 else set()

    def _accounts(self, query):
        """Answer ``/accounts/?q=``. The operators find beginnings, as Gerrit's do."""
        sent = Parameters(query)
        if not any(sent.all("q")):
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
            option = f"-{short}" if self.all(short) else f"--{long}"
            raise BadRequest(f'"{value}" is not a valid value for "{option}"')
        if short == "S":
            return max(0, int(value))
        return min(int(value), default) if int(value) > 0 else default


class Query:
    """Reads a search text: words side by side mean AND, which binds closer than OR."""

    def __init__(self, gerrit, text):
        """Cut *text* into tokens."""
        self.gerrit, self.tokens, self.end = gerrit, [], len(text)
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
            raise BadRequest("query is empty")
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
                raise BadRequest(f"line 1:{self.end} mismatched input '<EOF>' expecting ')'")
            self.tokens.pop(0)
            return fits
        if token in (")", "OR", "AND"):
            raise BadRequest(f"line 1:0 no viable alternative at input '{token}'")
        return self._without(token[1:]) if token.startswith("-") else self.term(token)

    def _without(self, token):
        name, colon, value = token.partition(":")
        if name in AFTER:
            said = value if " " in value else unquoted(value)
            raise BadRequest(f"cannot negate: {name}:{said}")
        if name in BEFORE:
            return self.term(BEFORE[name] + colon + value)
        fits = self.term(token)
        return lambda item: not fits(item)

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

    op_commit = word

    def op_change(self, value):
        """``change:NUMBER`` or ``change:Change-Id``."""
        if not re.fullmatch(r"\d+|I[0-9a-f]{4,40}", value):
            raise BadRequest("Invalid change format")
        return self.word(value)

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

    def op_author(self, value):
        """``author:ADDRESS``, or a word of the name that git knows."""
        if not value:
            raise BadRequest("invalid value")
        return lambda change: value.lower() in author_words(change)

    def op_label(self, value):
        """``label:Code-Review=ANY,user=NUMBER``: any vote but 0, and no other form."""
        match = re.fullmatch(r"Code-Review=ANY,user=(\d+)", value)
        if not match:
            raise BadRequest(f"Unsupported query: label:{value}")
        return lambda change: int(match[1]) in voters(change)

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
        """``message:TEXT``: these words in a row."""
        return lambda change: holds(commit_of(change)["message"], value)

    def op_comment(self, value):
        """``comment:TEXT``: these words in a row, in something said on the change."""
        return lambda change: any(
            holds(one["message"], value) for one in change.get("messages", ())
        )

    def op_revertof(self, value):
        """``revertof:NUMBER``."""
        if not value.isdigit():
            raise BadRequest("'revertof' must be an integer")
        return lambda change: change.get("revert_of") == int(value)

    def op_cherrypickof(self, value):
        """``cherrypickof:NUMBER``."""
        if not value.isdigit():
            raise BadRequest("'cherrypickof' must be an integer")
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
        if name == "username":
            return lambda account: account.get(name, "").lower() == value
        if name == "email":
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
    """Whether any word of the account's names begins with *value*, or a name does."""
    names = [account.get(name, "").lower() for name in ("name", "email", "username")]
    return any(part.startswith(value) for name in names for part in [name, *words(name)])


def words(text):
    """Cut *text* as the index does."""
    return re.findall(r"\w+", text.lower())


def holds(text, phrase):
    """Whether the words of *phrase* stand in *text*, in a row."""
    return f" {' '.join(words(phrase))} " in f" {' '.join(words(text))} "


def author_words(change):
    """Return the address of who wrote a change, and the words of their name."""
    author = commit_of(change).get("author", {})
    return [author.get("email", "").lower(), *words(author.get("name", ""))]


def voters(change):
    """Return who voted on a change."""
    label = change.get("labels", {}).get("Code-Review", {})
    return {one["_account_id"] for one in label.get("all", ()) if one.get("value")}


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
        raise BadRequest(f"Invalid date format: {value}")
    day, clock, fraction, zone = match.groups()
    try:
        moment = datetime.strptime(
            f"{day} {clock or '00:00:00'} {zone or '+0000'}", "%Y-%m-%d %H:%M:%S %z"
        )
    except ValueError:
        raise BadRequest(f"Invalid date format: {value}") from None
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}.{(fraction or '').ljust(9, '0')}"


def commit_of(change):
    """Return the commit of the current revision."""
    return change["revisions"][change["current_revision"]]["commit"]


def tasks_of(change):
    """Return the tasks that the footers name."""
    return FOOTER.findall(commit_of(change)["message"])


def bare(value):
    """Take everything personal from every account within *value*."""
    if isinstance(value, list):
        return [bare(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    personal = PERSONAL if "_account_id" in value else ()
    return {name: bare(inner) for name, inner in value.items() if name not in personal}
