"""A small Phabricator: the few Conduit methods the project asks, answering from rows in memory.

Built from recorded answers of a real server (a Phorge of 2026) and compared with them in
``tests/scripts/test_servers.py``. What it cannot do it refuses, and never answers half.
"""

import json
import re
import threading
import time
import unicodedata

from .serving import Reply, Request, page

TOKEN = "api-sampledatasampledatasampleda"
"""The one token that is let in; no secret, since there is nothing to keep."""

OPEN = {"open", "progress", "stalled"}
HEADERS = {
    "Set-Cookie": "phsid=sample; path=/; HttpOnly",
    "X-Frame-Options": "Deny",
    "Referrer-Policy": "no-referrer",
    "X-Conduit-Capabilities": "gzip",
    "Cache-Control": "no-store",
    "Expires": "Sat, 01 Jan 2000 00:00:00 GMT",
    "X-Content-Type-Options": "nosniff",
}
SEARCH = {"queryKey", "constraints", "attachments", "order", "before", "after", "limit"}
PARAMETERS = {
    "conduit.ping": set(),
    "user.whoami": set(),
    "maniphest.search": SEARCH,
    "user.search": SEARCH,
    "user.mediawikiquery": {"names", "offset", "limit"},
    "user.ldapquery": {"ldapnames", "offset", "limit"},
    "project.search": SEARCH,
    "token.given": {"authorPHIDs", "objectPHIDs", "tokenPHIDs"},
    "edge.search": {"sourcePHIDs", "types", "destinationPHIDs", "before", "after", "limit"},
}
META = re.compile(r"api\..*|output|access_token|scope|__conduit__")
SECRET = (
    "[You Shall Not Pass: Restricted Maniphest Task] (Can View) You do not have permission to "
    "view this object. // Administrators can take this action. The assignee of a task can always "
    "view and edit it."
)
NEVER = float("-inf")


class Refusal(Exception):
    """An error as Conduit tells it: a code and a text."""

    def __init__(self, code, info):
        """Keep both."""
        super().__init__(info)
        self.code, self.info = code, info


def core(info):
    """Return the error that most mistakes lead to."""
    return Refusal("ERR-CONDUIT-CORE", info)


# Reading what was sent


def nested(form):
    """Turn ``a[b][0]=x`` into ``{"a": {"b": ["x"]}}``, as PHP does."""
    root = {}
    for key, value in form:
        name, *rest = re.findall(r"^[^\[]+|\[[^\]]*\]", key) or [key]
        steps = [name, *(step[1:-1] for step in rest)]
        place = root
        for step, following in zip(steps, [*steps[1:], None], strict=True):
            step = step if step or place is root else str(len(place))
            if following is None:
                place[step] = value
            else:
                inner = place.get(step)
                place[step] = inner if isinstance(inner, dict) else {}
                place = place[step]
    return {name: listed(value) for name, value in root.items()}


def listed(value):
    """Turn maps with the keys 0, 1, 2, … into lists."""
    if not isinstance(value, dict):
        return value
    if list(value) == [str(n) for n in range(len(value))]:
        return [listed(inner) for inner in value.values()]
    return {key: listed(inner) for key, inner in value.items()}


def as_list(name, value, one):
    """Read a list of *one*; an empty one is an error, not "no restriction"."""
    wrong = f'Error while reading "{name}": Expected a'
    if isinstance(value, dict):
        raise core(f"{wrong} list, but value is an object.")
    if not isinstance(value, list):
        raise core(f"{wrong} list, but value is not a list.")
    if not value:
        raise core(f"{wrong} nonempty list, but value is an empty list.")
    return [one(f"{name}[{place}]", inner) for place, inner in enumerate(value)]


def integer(name, value, strict):
    """Read a number; digits will do where the form encoding was used."""
    if isinstance(value, str) and not strict and re.fullmatch(r"\d+", value):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise core(f'Error while reading "{name}": Expected integer, got something else.')


def epoch(name, value, strict):
    """Read a time."""
    moment = integer(name, value, strict)
    if moment <= 0:
        info = f"Epoch timestamp must be larger than 0, got {moment}."
        raise core(f'Error while reading "{name}": {info}')
    return moment


def text(name, value, _strict):
    """Read a word."""
    if isinstance(value, str):
        return value
    raise core(f'Error while reading "{name}": Expected string, got something else.')


def page_size(limit):
    """Read the limit, in whichever type it came."""
    what = "page size for Conduit API method calls is"
    if not re.fullmatch(r"-?\d+", str(limit)) or int(limit) > 100:
        info = f"Maximum {what} 100, but this call specified {limit}."
        raise Refusal("ERR-INVALID-PAGE-SIZE", info)
    if int(limit) < 1:
        info = f"Minimum {what} 1, but this call specified {limit}."
        raise Refusal("ERR-INVALID-PAGE-SIZE", info)
    return int(limit)


# Choosing and ordering tasks


def bound(field, low):
    """Return the test of a Start (*low*) or End constraint; both include the bound."""

    def fits(_conduit, row, moment):
        value = row["fields"][field]
        return value is not None and (value >= moment if low else value <= moment)

    return fits


def by_user(field):
    """Return the test of a constraint with users: PHIDs, names, ``none()``, ``anyone()``."""

    def fits(conduit, row, wanted):
        value = row["fields"][field]
        if value is None:
            return "none()" in wanted
        return "anyone()" in wanted or value in {conduit.user_phid(name) for name in wanted}

    return fits


def by_status(_conduit, row, wanted):
    """Whether the status is among *wanted*; an unknown one finds nothing."""
    value = row["fields"]["status"]["value"]
    return value in wanted or ("open()" if value in OPEN else "closed()") in wanted


def by_project(_conduit, row, wanted):
    """Whether the task is in all of these projects. Named by PHID, since no others are known."""
    if not all(name.startswith("PHID-PROJ-") for name in wanted):
        raise core("This local server knows projects by PHID only.")
    return set(wanted) <= set(attachment(row, "projects")["projectPHIDs"])


def by_subscriber(conduit, row, wanted):
    """Whether one of *wanted* is subscribed."""
    known = attachment(row, "subscribers")["subscriberPHIDs"]
    return bool({conduit.user_phid(name) for name in wanted} & set(known))


# In the order in which the server reads them, which decides what error comes first.
CONSTRAINTS = {
    "assigned": (text, by_user("ownerPHID")),
    "authorPHIDs": (text, by_user("authorPHID")),
    "closerPHIDs": (text, by_user("closerPHID")),
    "statuses": (text, by_status),
    "priorities": (integer, lambda _, row, wanted: row["fields"]["priority"]["value"] in wanted),
    "subtypes": (text, lambda _, row, wanted: row["fields"]["subtype"] in wanted),
    "createdStart": (epoch, bound("dateCreated", low=True)),
    "createdEnd": (epoch, bound("dateCreated", low=False)),
    "modifiedStart": (epoch, bound("dateModified", low=True)),
    "modifiedEnd": (epoch, bound("dateModified", low=False)),
    "closedStart": (epoch, bound("dateClosed", low=True)),
    "closedEnd": (epoch, bound("dateClosed", low=False)),
    "subscribers": (text, by_subscriber),
    "projects": (text, by_project),
    "ids": (integer, lambda _, row, wanted: row["id"] in wanted),
    "phids": (text, lambda _, row, wanted: row["phid"] in wanted),
}
NOT_HERE = {
    *("columnPHIDs", "hasParents", "hasSubtasks", "parentIDs", "query", "spaces", "subtaskIDs"),
    *("isAdmin", "isApproved", "isBot", "isDisabled", "isMailingList", "nameLike"),
    *("ancestors", "colors", "icons", "isMilestone", "isRoot", "members", "name", "parents"),
    *("slugs", "watchers"),
}

USER_CONSTRAINTS = {
    "usernames": (text, lambda _, row, wanted: low(row["fields"]["username"]) in map(low, wanted)),
    "ids": CONSTRAINTS["ids"],
    "phids": CONSTRAINTS["phids"],
}

PROJECT_CONSTRAINTS = {"ids": CONSTRAINTS["ids"], "phids": CONSTRAINTS["phids"]}

EDGES = {
    *("task.duplicate", "task.merged-in", "task.parent", "task.subtask", "mention"),
    *("mentioned-in", "task.commit", "task.revision"),
}

ORDERS = {
    "priority": lambda row: (-row["fields"]["priority"]["value"], -row["id"]),
    "updated": lambda row: (-row["fields"]["dateModified"], -row["id"]),
    "outdated": lambda row: (row["fields"]["dateModified"], row["id"]),
    "newest": lambda row: -row["id"],
    "created": lambda row: -row["id"],
    "oldest": lambda row: row["id"],
    "closed": lambda row: (-(row["fields"]["dateClosed"] or NEVER), -row["id"]),
    "title": lambda row: (row["fields"]["name"].casefold(), row["id"]),
    "relevance": lambda row: -row["id"],
}
ALIASES = {
    "order-priority": "priority",
    "order-modified": "updated",
    "order-created": "created",
    "order-title": "title",
}
BUILTIN = (
    "priority, order-priority, updated, order-modified, outdated, newest, created, "
    "order-created, oldest, closed, title, order-title, relevance"
)
ATTACHMENTS = {
    "projects": {"projectPHIDs": []},
    "subscribers": {"subscriberPHIDs": [], "subscriberCount": 0, "viewerIsSubscribed": False},
    "columns": {"boards": []},
}


def low(name):
    """User names are the same in any case."""
    return name.casefold()


def attachment(row, name):
    """Return what *row* says about *name*, or what a task says about which there is nothing."""
    return row["attachments"].get(name, ATTACHMENTS[name])


def visible(row):
    """Whether an ordinary account sees *row*: "users" are those logged in, and we are."""
    return row["fields"].get("policy", {}).get("view", "public") in ("public", "users")


class Conduit:
    """The tasks, the people, and the methods."""

    def __init__(self):
        """Begin with nothing."""
        self.tasks, self.users, self.projects = {}, {}, {}
        self.tokens, self.edges = [], []
        self.lock = threading.Lock()

    def add(self, tasks=(), people=(), projects=(), tokens=(), edges=()):
        """Take news; a task, person or project already known is replaced.

        Tasks, projects and tokens are as the real server tells them. An edge has ``sourcePHID``,
        ``edgeType``, ``destinationPHID`` and ``created``; its other half is an edge of its own.
        """
        with self.lock:
            self.tasks |= {row["id"]: row for row in tasks}
            self.projects |= {row["id"]: row for row in projects}
            self.tokens = [*self.tokens, *tokens]
            self.edges = sorted([*self.edges, *edges], key=lambda edge: -edge["created"])
            for person in people:
                phid = person.get("phid")
                if phid:
                    known = self.users.get(phid, {"id": len(self.users) + 1})
                    self.users[phid] = {**person, "id": known["id"]}

    def answer(self, request: Request) -> Reply:
        """Answer one request."""
        method = request.path.removeprefix("/api/")
        if not request.path.startswith("/api/") or not re.fullmatch(r"[a-z.]+", method):
            return self._reply(page("Authentication Failure"))
        try:
            with self.lock:
                result, code, info = self._call(method, request), None, None
        except Refusal as refusal:
            result, code, info = None, refusal.code, refusal.info
        except TypeError:  # the real server's own manner, where a list is not a list
            return self._reply(page("Unhandled Exception (&quot;TypeError&quot;)", 500))
        envelope = {"result": result, "error_code": code, "error_info": info}
        body = json.dumps(envelope, separators=(",", ":")).replace("/", "\\/")
        body = body.replace("<", "\\u003c").replace(">", "\\u003e")
        return self._reply(Reply(body.encode("ascii")))

    @staticmethod
    def _reply(reply):
        reply.headers |= HEADERS
        return reply

    def _call(self, method, request):
        """Check in the order of the real server: body, method, parameters, token, values."""
        if request.content_type.startswith("application/json"):
            raise core(
                "Use form-encoded data to submit parameters to Conduit endpoints. Sending a "
                "JSON-encoded body and setting 'Content-Type': 'application/json' is not "
                "currently supported."
            )
        if method not in PARAMETERS:
            info = f'Conduit API method "{method}" does not exist.'
            raise Refusal("ERR-CONDUIT-CALL", info)
        token, values, strict = self._sent(method, request)
        unknown = [name for name in values if name not in PARAMETERS[method]]
        if unknown:
            names = ", ".join(f"'{name}'" for name in unknown)
            info = f'API Method "{method}" does not define these parameters: {names}.'
            raise Refusal("ERR-CONDUIT-CALL", info)
        if method == "conduit.ping":
            return request.host.partition(":")[0]
        check_token(token)
        answers = {
            "maniphest.search": lambda: self._search(
                values, strict, "ManiphestTaskQuery", self.tasks, CONSTRAINTS
            ),
            "user.search": lambda: self._user_search(values, strict),
            "project.search": lambda: self._project_search(values, strict),
            "token.given": lambda: self._tokens(values),
            "edge.search": lambda: self._edges(values),
            "user.whoami": lambda: whoami(request.host),
        }
        return answers.get(method, lambda: self._linked(method, values, request.host))()

    @staticmethod
    def _sent(method, request):
        """Return token, parameters, and whether they are strictly typed."""
        form = [*request.query, *(request.form if request.method == "POST" else [])]
        sent = nested(form)
        if "params" not in sent:
            values = {name: v for name, v in sent.items() if not META.fullmatch(name)}
            return sent.get("api.token"), values, False
        try:
            values = json.loads(sent["params"])
        except ValueError:
            info = f"Invalid parameter information was passed to method '{method}'."
            raise core(info) from None
        if isinstance(values, list):
            values = {str(place): value for place, value in enumerate(values)}
        return (values.pop("__conduit__", None) or {}).get("token"), values, True

    def user_phid(self, name):
        """Return the PHID of who is named so; a PHID stands for itself."""
        for phid, user in self.users.items():
            if user.get("phabricator") and low(user["phabricator"]) == low(name):
                return phid
        return name

    def _search(self, values, strict, query, rows, constraints):
        """Answer a ``*.search``: choose, order, cut out the page."""
        tests = self._tests(values.get("constraints"), strict, constraints)
        key = values.get("queryKey") or None
        if key not in (None, "all", "open"):
            raise Refusal("ERR-BAD-QUERYKEY", 'Invalid query for parameter "queryKey".')
        if key == "open":
            tests.append((by_status, ["open()"]))
        wanted = self._attachments(values.get("attachments"))
        limit = values.get("limit", 100)
        size = page_size(limit)
        order = values.get("order") or None
        ordered = sorted(rows.values(), key=ordering(order, query))
        fitting = [row for row in ordered if all(fits(self, row, v) for fits, v in tests)]
        after, before = (
            self._cursor(values.get(name), rows, query) for name in ("after", "before")
        )
        found, following, previous = cut_page(fitting, ordering(order, query), size, after, before)
        return {
            "data": [
                {**row, "attachments": {name: attachment(row, name) for name in wanted}}
                for row in found
            ],
            "maps": {},
            "query": {"queryKey": key},
            "cursor": {"limit": limit, "after": following, "before": previous, "order": order},
        }

    def _tests(self, sent, strict, constraints):
        """Read the constraints into pairs of a test and its value."""
        if not isinstance(sent or {}, dict):
            info = 'Parameter "constraints" must be a map of constraints.'
            raise Refusal("ERR-INVALID-CONSTRAINTS-FORMAT", info)
        sent = sent or {}
        for name in sent:
            if name in NOT_HERE:
                raise core(f'This local server does not know the constraint "{name}".')
            if name not in constraints:
                info = 'Parameter "constraints" includes an invalid key.'
                raise Refusal("ERR-INVALID-CONSTRAINT", info)
        tests = []
        for name, (one, fits) in constraints.items():
            if name not in sent:
                continue
            if one is epoch:
                tests.append((fits, epoch(name, sent[name], strict)))
            else:
                tests.append((fits, as_list(name, sent[name], lambda n, v, o=one: o(n, v, strict))))
        return tests

    @staticmethod
    def _attachments(sent):
        """Read which attachments are wanted: their names count, not their values."""
        sent = sent if isinstance(sent, dict) else {}
        if set(sent) - set(ATTACHMENTS):
            info = 'Parameter "attachments" includes an invalid key.'
            raise Refusal("ERR-INVALID-ATTACHMENT", info)
        return [name for name in ATTACHMENTS if name in sent]

    @staticmethod
    def _cursor(value, rows, query):
        """Look up the row a cursor names, where it stands now."""
        if value in (None, ""):
            return None
        if not re.fullmatch(r"\d+", str(value)):
            raise core("Task IDs must be integer numbers.")
        row = rows.get(int(value))
        if row is None:
            info = f'Cursor "{value}" does not identify a valid object in query "{query}".'
            raise core(info)
        if not visible(row):
            raise core(SECRET)
        return row

    def _user_search(self, values, strict):
        """Answer ``user.search``, as far as the project needs it.

        Of whom no day is told, the account is as new as can be: newer than their wiki account.
        """
        made = int(time.time())
        rows = {
            user["id"]: {
                "id": user["id"],
                "type": "USER",
                "phid": phid,
                "fields": {
                    "username": user["phabricator"],
                    "realName": user.get("developer") or "",
                    "roles": ["verified", "approved", "activated"],
                    "dateCreated": made,
                    "dateModified": made,
                    "policy": {"view": "public", "edit": "no-one"},
                    **user.get("fields", {}),
                },
                "attachments": {},
            }
            for phid, user in self.users.items()
        }
        if values.get("order") not in (None, "", "newest", "oldest") or values.get("attachments"):
            raise core("This local server orders users by id only, and knows no attachments.")
        values = {"order": "newest", **values}
        result = self._search(values, strict, "PhabricatorPeopleQuery", rows, USER_CONSTRAINTS)
        result["cursor"]["order"] = None
        return result

    def _project_search(self, values, strict):
        """Answer ``project.search``, as far as the project needs it: archived ones if asked for."""
        sent = values.get("constraints") or {}
        status = sent.get("status", "active") if isinstance(sent, dict) else "active"
        if isinstance(sent, dict):
            sent = {name: value for name, value in sent.items() if name != "status"}
        rows = {
            number: row
            for number, row in self.projects.items()
            if status in ("all", row["fields"]["status"])
        }
        if values.get("order") or values.get("attachments"):
            raise core("This local server orders projects by name only, and knows no attachments.")
        values = {**values, "constraints": sent}
        result = self._search(values, strict, "PhabricatorProjectQuery", rows, PROJECT_CONSTRAINTS)
        return {**result, "maps": {"slugMap": {}}}

    def _seen(self):
        """Return the PHIDs of the tasks that an ordinary account sees."""
        return {row["phid"] for row in self.tasks.values() if visible(row)}

    def _tokens(self, values):
        """Answer ``token.given``: a plain list. What is not known has no tokens."""
        seen = self._seen()
        return [
            token
            for token in self.tokens
            if token["objectPHID"] in seen
            and all(token[name[:-1]] in wanted for name, wanted in values.items() if wanted)
        ]

    def _edges(self, values):
        """Answer ``edge.search``: newest first. One task that is not seen spoils it all."""
        sources, types = values.get("sourcePHIDs"), values.get("types")
        if not isinstance(sources, list) or not sources:
            info = 'Must pass an array of PHIDs for parameter "sourcePHIDs".'
            raise Refusal("ERR-ARRAY-SOURCEPHIDS", info)
        if not isinstance(types, list) or not types:
            info = 'Must pass an array of edge types for parameter "types".'
            raise Refusal("ERR-ARRAY-TYPES", info)
        if set(sources) - self._seen():
            info = 'Invalid PHID(s) included for parameter "sourcePHIDs".'
            raise Refusal("ERR-BAD-SOURCEPHIDS", info)
        if set(types) - EDGES:
            info = 'Invalid edge type(s) included for parameter "types".'
            raise Refusal("ERR-BAD-TYPES", info)
        if values.get("before"):
            raise core("This local server pages edges forwards only.")
        targets = values.get("destinationPHIDs")
        found = [
            (place, edge)
            for place, edge in enumerate(reversed(self.edges))
            if edge["sourcePHID"] in sources
            and edge["edgeType"] in types
            and (not targets or edge["destinationPHID"] in targets)
        ]
        return edge_page(found[::-1], values.get("limit", 100), values.get("after"))

    def _linked(self, method, values, host):
        """Answer which users have one of these wiki (or developer) names: newest first."""
        wiki = method == "user.mediawikiquery"
        names = values.get("names" if wiki else "ldapnames") or []
        if not isinstance(names, list):
            raise TypeError("names must be a list")
        field, extra = ("wiki", "mediawiki") if wiki else ("developer", "ldap")
        users = [user for user in self.users.values() if user.get(field) and user[field] in names]
        users.sort(key=lambda user: -user["id"])
        if not users:
            info = f"Unknown or missing {extra} names: {', '.join(map(str, names))}"
            raise Refusal("ERR-INVALID-PARAMETER", info)
        start, limit = int(values.get("offset") or 0), int(values.get("limit") or 100)
        return [
            {**profile(user, host), f"{extra}_username": user[field]}
            for user in users[start : start + limit]
        ]


def check_token(token):
    """Let in who has the token; like the real server, repeat a wrong one in the error."""
    if not token:
        raise Refusal("ERR-INVALID-SESSION", "Session key is not present.")
    if token == TOKEN:
        return
    wrong = "is not valid."
    if len(token) != 32:
        wrong = "has the wrong length. API tokens should be 32 characters long."
    elif token[:3] not in ("api", "cli", "clr"):
        wrong = (
            "has the wrong format. API tokens should be 32 characters long and begin with one of "
            "these prefixes: api, cli, clr."
        )
    raise Refusal("ERR-INVALID-AUTH", f'API token "{token}" {wrong}')


def by_name(row):
    """Sort projects as the real server's database does: accents and case do not count."""
    signs = unicodedata.normalize("NFKD", row["fields"]["name"]).casefold()
    return "".join(sign for sign in signs if not unicodedata.combining(sign)), row["id"]


def ordering(order, query):
    """Return the sort key of a builtin order."""
    if query == "PhabricatorProjectQuery":
        return by_name
    if order is None:
        return ORDERS["priority"] if query == "ManiphestTaskQuery" else ORDERS["newest"]
    if not isinstance(order, str):
        raise core("This local server knows builtin orders only.")
    key = ORDERS.get(ALIASES.get(order, order))
    if key is None:
        info = f'Query "{query}" does not support a builtin order "{order}".'
        raise core(f"{info} Supported orders are: {BUILTIN}.")
    return key


def cut_page(rows, key, size, after, before):
    """Return the rows of a page and the cursors behind and before it.

    A cursor row counts where it stands *now*, whether or not it is among *rows*.
    """
    if after:
        rows = [row for row in rows if key(row) > key(after)]
    if before:
        rows = [row for row in rows if key(row) < key(before)]
    found = look(rows[::-1] if before else rows, size + 1)
    more = len(found) > size
    found = found[:size][::-1] if before else found[:size]
    following = str(found[-1]["id"]) if found and (more or before) else None
    previous = str(found[0]["id"]) if found and (after or (before and more)) else None
    return found, following, previous


def edge_page(found, limit, after):
    """Cut a page out of edges with their places; the cursor is moment and place of the last."""
    size = min(max(int(limit), 1), 1000)
    start = int(str(after).rpartition("_")[2]) if after else None
    rest = [(place, edge) for place, edge in found if start is None or place < start]
    page_, more = rest[:size], len(rest) > size
    names = ("sourcePHID", "edgeType", "destinationPHID")

    def cursor(place, edge):
        return f"{int(edge['created'])}_{place}"

    return {
        "data": [{name: edge[name] for name in names} for _, edge in page_],
        "cursor": {
            "limit": limit,
            "after": cursor(*page_[-1]) if more else None,
            "before": cursor(*page_[0]) if page_ and after else None,
        },
    }


def look(rows, wanted):
    """Take *wanted* visible rows; give up where too many hidden ones stand before them."""
    found = []
    for examined, row in enumerate(rows, 1):
        if visible(row):
            found.append(row)
        if len(found) == wanted:
            break
        if examined > 10 * wanted:
            raise core(
                'Query (of class "ManiphestTaskQuery") overheated: examined more than '
                f"{10 * wanted} raw rows without finding {wanted} visible objects."
            )
    return found


def profile(user, host):
    """Describe a user as the older methods do."""
    name = user["phabricator"]
    return {
        "phid": user["phid"],
        "userName": name,
        "realName": user.get("developer") or "",
        "image": f"http://{host}/file/data/{name}.png",
        "uri": f"http://{host}/p/{name}/",
        "roles": ["verified", "approved", "activated"],
    }


def whoami(host):
    """Describe the caller."""
    user = {"phid": "PHID-USER-samplesamplesample00", "phabricator": "sample-bot"}
    roles = ["agent", "verified", "approved", "activated"]
    return {
        **profile({**user, "developer": "Sample Bot"}, host),
        "roles": roles,
        "primaryEmail": "sample-bot@example.org",
    }
