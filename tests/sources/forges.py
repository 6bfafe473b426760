"""A GitLab and a GitHub, built from documented replies, not seen on a real server.

They understand the questions we ask as text, and nothing else; ``tests/data/gitlab/README.md``
and ``tests/data/github/README.md`` say after what they were written.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

from tests.sources.server import Answer, as_json

DATA = Path(__file__).parents[1] / "data"


def load(name):
    return json.loads((DATA / f"{name}.json").read_text("utf-8"))


def a_merge_request(iid=12, **fields):
    return load("gitlab/merge_request") | {"iid": str(iid)} | fields


def a_pull_request(number=7, **fields):
    return load("github/pull_request") | {"number": number} | fields


def a_repository(name="o/r", **fields):
    return load("github/repository") | {"nameWithOwner": name} | fields


def a_listed(row, project="repos/x/y", visibility="public"):
    return {
        "iid": row["iid"],
        "mergedAt": row["mergedAt"],
        "project": {"fullPath": project, "visibility": visibility},
    }


def a_page(rows, cursor=None):
    return {
        "nodes": rows,
        "pageInfo": {"hasNextPage": cursor is not None, "endCursor": cursor},
    }


@dataclass
class FakeGitlab:
    """``projects`` map a path to its merge requests, the latest created first.

    ``cap`` is how many merge requests it lets one ask about, ``widest`` of how many projects;
    ``between`` is called before each page but the first; ``keyset`` says whether a cursor is a
    place in the order, or a count.
    """

    projects: dict = field(default_factory=dict)
    secret: set = field(default_factory=set)
    cap: int = 100
    widest: int = 100
    largest: int = 100
    knows_merged_after: bool = True
    knows_merge_user: bool = True
    keyset: bool = True
    between: object = None
    rest: object = None
    groups: tuple = ("repos", "toolforge-repos")

    def __call__(self, request):
        if request.path != "/api/graphql":
            return self.rest(request)
        question = json.loads(request.body)
        query, variables = question["query"], question["variables"]
        if "p0: project" in query:
            return self._details(query)
        return self._list(query, variables)

    def _list(self, query, variables):
        if "mergedAfter" in query and not self.knows_merged_after:
            return as_json(load("gitlab/errors")["argument"])
        if variables["first"] > self.largest:
            return as_json(load("gitlab/errors")["complexity"])
        if variables["of"] not in self.groups and "user(" not in query:
            return as_json({"data": {"of": None}})
        if variables["after"] and self.between:
            self.between()
        below = "" if "user(" in query else variables["of"] + "/"
        rows = [
            a_listed(row, path, "internal" if path in self.secret else "public")
            for path, requests in self.projects.items()
            if path.startswith(below)
            for row in requests
            if "mergedAfter" not in query or row["mergedAt"] > variables["since"]
        ]
        return as_json({"data": {"of": {"list": self._page(rows, variables)}}})

    def _page(self, rows, variables):
        after, first = variables["after"], variables["first"]
        if self.keyset:
            left = [row for row in rows if after is None or int(row["iid"]) < int(after)]
            page = left[:first]
            return a_page(page, page[-1]["iid"] if len(left) > first else None)
        start = int(after or 0)
        page = rows[start : start + first]
        return a_page(page, str(start + first) if len(rows) > start + first else None)

    def _details(self, query):
        if "mergeUser" in query and not self.knows_merge_user:
            return as_json(load("gitlab/errors")["merge_user"])
        asked = re.findall(r'(p\d+): project\(fullPath: ("[^"]*")\).*?iids: (\[[^]]*\])', query)
        wide = len(asked) > self.widest or len({path for _, path, _ in asked}) < len(asked)
        if wide or sum(len(json.loads(iids)) for _, _, iids in asked) > self.cap:
            return as_json(load("gitlab/errors")["complexity"])
        return as_json(
            {"data": {alias: self._project(json.loads(p), json.loads(i)) for alias, p, i in asked}}
        )

    def _project(self, path, iids):
        if path not in self.projects:
            return None
        rows = [row for row in self.projects[path] if row["iid"] in iids]
        visibility = "internal" if path in self.secret else "public"
        return {"fullPath": path, "visibility": visibility, "mergeRequests": {"nodes": rows}}


@dataclass
class FakeGithub:
    """``requests`` map a repository to its pull requests, the latest touched first.

    ``touched`` holds when a pull request was touched last, where that is not when it was merged.
    ``found`` is what a search finds: a function of its query. ``repositories`` hold what is not
    ordinary about a repository, None for one that is not there.
    """

    requests: dict = field(default_factory=dict)
    repositories: dict = field(default_factory=dict)
    found: object = None
    touched: dict = field(default_factory=dict)
    cap: int = 25
    between: object = None
    page: int = 100
    keyset: bool = True
    users: dict = field(default_factory=lambda: {501: "exampledev", 503: "Reviewer"})

    def __call__(self, request):
        if request.path.startswith("/user/"):
            number = int(request.path.removeprefix("/user/"))
            if number not in self.users:
                return as_json({"message": "Not Found"}, status=404)
            return as_json({"id": number, "login": self.users[number]})
        query = json.loads(request.body)["query"]
        parts = re.findall(r'\b([rd]\d+): repository\(owner: "([^"]*)", name: "([^"]*)"\)', query)
        numbers = re.findall(r"pullRequest\(number: (\d+)\)", query)
        if len(numbers) > self.cap:
            return as_json({"errors": [load("github/errors")["nodes"]]})
        data, errors = (
            {"rateLimit": {"cost": 1, "remaining": 4999, "resetAt": "2026-01-08T01:00:00Z"}},
            [],
        )
        for place, (alias, owner, name) in enumerate(parts):
            asked = int(numbers[place]) if numbers else None
            data[alias] = self._repository(f"{owner}/{name}", query, asked)
            if data[alias] is None:
                errors.append(load("github/errors")["not_found"] | {"path": [alias]})
        for alias, quoted, after in re.findall(
            r'(s\d+): search\(type: ISSUE, first: 100, query: ("(?:[^"\\]|\\.)*"), after: (null|"\w+")\)',
            query,
        ):
            data[alias] = self._search(json.loads(quoted), json.loads(after))
        return as_json({"data": data} | ({"errors": errors} if errors else {}))

    def _repository(self, name, query, number):
        if name not in self.requests and name not in self.repositories:
            return None
        special = self.repositories.get(name, {})
        if special is None:
            return None
        answer = a_repository(name, **special)
        if number is not None:
            rows = {row["number"]: row for row in self.requests.get(name, [])}
            return answer | {"pullRequest": rows.get(number)}
        if asked := re.search(r'first: (\d+), after: (null|"(?:[^"\\]|\\.)*"),', query):
            first, after = min(int(asked[1]), self.page), json.loads(asked[2])
            answer["pullRequests"] = self._recent(name, first, after)
        return answer

    def _recent(self, name, first, after):
        if after and self.between:
            self.between()
        rows = [
            {
                "number": row["number"],
                "mergedAt": row["mergedAt"],
                "updatedAt": self.touched.get(row["number"], row["mergedAt"]),
            }
            for row in self.requests.get(name, [])
        ]
        rows.sort(key=lambda row: (row["updatedAt"], row["number"]), reverse=True)
        if self.keyset:
            left = [
                r
                for r in rows
                if after is None or [r["updatedAt"], r["number"]] < json.loads(after)
            ]
            page = left[:first]
            last = json.dumps([page[-1]["updatedAt"], page[-1]["number"]]) if page else None
            return a_page(page, last if len(left) > first else None)
        start = int(after or 0)
        more = str(start + first) if len(rows) > start + first else None
        return a_page(rows[start : start + first], more)

    def _search(self, query, after):
        if after and self.between:
            self.between()
        rows = self.found(query)
        start, _, asked = (after or "0").partition("x")
        assert asked in ("", str(crc32(query.encode()))), "a cursor of another search"
        start = int(start)
        nodes = [
            {"number": number, "repository": {"nameWithOwner": name}}
            for name, number in rows[start : start + self.page]
        ]
        cursor = f"{start + self.page}x{crc32(query.encode())}"
        more = cursor if len(rows) > start + self.page else None
        return {"issueCount": len(rows)} | a_page(nodes, more)


def within(query, day):
    """Whether a search's window (if it has one) holds *day*."""
    window = re.search(r"merged:(\S+)\.\.(\S+)", query)
    return not window or window[1] <= day <= window[2]


def refused(*ignored):
    return Answer(b'{"message":"403 Forbidden"}', 403)
