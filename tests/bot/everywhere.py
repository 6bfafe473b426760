"""Every source at once, each behind a server on loopback that knows a little more from time to time.

Ada has an account everywhere, Bert at Gerrit only. The servers are those that the sources themselves are
tried with; they give so few rows at a time that each list has several pages.
"""

import copy
import json
from datetime import UTC, datetime, timedelta

from scripts.local import conduit
from scripts.local import gerrit as local_gerrit
from scripts.local.serving import Request as LocalRequest
from tests.sources import forges, samples, site, wishes_wiki
from tests.sources.server import Answer, as_json

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LONG_AGO, JUST_NOW = datetime(2026, 1, 7, 9, tzinfo=UTC), NOW + timedelta(minutes=30)
ADA, BERT, STRANGER = 1000001, 1000002, 1000003
FEW = 2
"""So many rows a page has."""
REPOSITORY, PROJECT, WIKI = "o/r", "repos/x/y", "metawiki"
WIKIS = {"wishlist", "technews", "onwiki"}
SOURCES = {"gerrit", "gitlab", "github", "phabricator", "toolhub", *WIKIS}
WORDS = {"onwiki": f"onwiki {WIKI}"}
"""By what name a source goes in the ledger, where that is another one."""
CALLED = {
    "gerrit": "Gerrit", "gitlab": "GitLab", "github": "GitHub", "phabricator": "Phabricator",
    "wishlist": "Wishlist", "toolhub": "Toolhub", "technews": "Tech News",
    "onwiki": f"The code of {WIKI}",
}  # fmt: skip
"""What operators read."""
TOKENS = {
    "phabricator": site.TOKEN,
    "gitlab": "glpat-" + "Qx7vBn3kLm9pRt5w",
    "github": "ghp_" + "Zk4jHs8dWq2nXc6bVm1gTy0e",
}


def ago(days):
    return NOW - timedelta(days=days)


class Gerrit:
    """The local Gerrit of the demo, which is checked against a real one."""

    def __init__(self):
        self.server = local_gerrit.Gerrit()
        for number, owner, tasks in ((1, ADA, (100,)), (2, STRANGER, (100,)), (3, BERT, (101,))):
            self.merged(number, owner, ago(200 - number), tasks)

    def news(self):
        """More than a page, and a stranger's change on a task of Ada's."""
        for number, owner, tasks in (
            (11, ADA, (102,)), (12, STRANGER, (100,)), (13, BERT, (103,)), (14, ADA, ()),
        ):  # fmt: skip
            self.merged(number, owner, JUST_NOW + timedelta(seconds=number), tasks)

    def merged(self, number, owner, when, tasks):
        [row] = samples.recorded("change-reviewed")
        names = {ADA: "Ada Example", BERT: "Bert Example", STRANGER: "Cleo Example"}
        login = names[owner].split()[0].lower()
        account = {"_account_id": owner, "name": names[owner], "email": f"{login}@example.org"}
        account["username"] = login
        moment = f"{when:%Y-%m-%d %H:%M:%S}.000000000"
        old, sha = row["current_revision"], f"{number:040x}"
        revision = row["revisions"].pop(old)
        bugs = "".join(f"\nBug: T{task}" for task in tasks)
        message = f"Close dialog {number}\n{bugs}\nChange-Id: I{number:040x}\n"
        revision |= {"uploader": account, "commit": revision["commit"] | {"message": message}}
        revision["commit"]["author"] = {"name": login, "email": account["email"]}
        row |= {
            "id": f"mediawiki%2Fcore~{number}", "_number": number, "virtual_id_number": number,
            "owner": account, "submitted": moment, "updated": moment, "current_revision": sha,
            "change_id": f"I{number:040x}", "revisions": {sha: revision},
            "subject": f"Close dialog {number}", "submission_id": str(number),
        }  # fmt: skip
        self.server.add([row])

    def __call__(self, request):
        return _asked(self.server.answer, request)


class Phabricator:
    """The local Phabricator of the demo, which is checked against recordings."""

    def __init__(self):
        self.server = conduit.Conduit()
        made = {"fields": {"dateCreated": 1_400_000_000}}
        self.server.add(
            people=[
                {"phid": site.phid(1, "USER"), "phabricator": "Ada", "wiki": "Ada Example",
                 "developer": "Ada Example", **made},
                {"phid": site.phid(2, "USER"), "phabricator": "Bert", "wiki": "Bert Example",
                 "developer": "Bert Example", **made},
            ],
            projects=[site.a_project(1, "MediaWiki-General")],
        )  # fmt: skip
        for number in (100, 101, 102, 103, 104):
            self.touched(number, ago(150))

    def news(self):
        """Three tasks were touched, and one is new."""
        for number in (100, 101, 105, 106):
            self.touched(number, JUST_NOW, priority={"value": 80})
        self.server.add(
            tokens=[site.a_token(100)],
            edges=[site.an_edge(105, "subtask", 106), site.an_edge(106, "parent", 105)],
        )

    def touched(self, number, when, **fields):
        moments = {"dateModified": int(when.timestamp()), "dateClosed": int(ago(150).timestamp())}
        owner = site.phid(2 if number == 101 else 1, "USER")
        row = site.a_row(number, ownerPHID=owner, **moments, **fields)
        row["attachments"] = {"projects": {"projectPHIDs": [site.phid(1, "PROJ")]}}
        self.server.add(tasks=[row])

    def __call__(self, request):
        return _asked(self.server.answer, request)


class Gitlab:
    """A GitLab after its documentation."""

    def __init__(self):
        self.rows = [_merge_request(number, ago(300 - number), 100) for number in (2, 1)]
        self.server = _FewRows({PROJECT: self.rows}, rest=self.rest)

    def news(self):
        """More than a page."""
        for number in (11, 12, 13):
            self.rows.insert(0, _merge_request(number, JUST_NOW, 90 + number))

    def rest(self, request):
        asked = dict(request.query)
        if request.path == "/api/v4/users":
            ada = {"id": 77, "username": "ada", "name": "Ada Example", "state": "active"}
            return as_json([ada] if asked["username"] == "ada" else [])
        found = [row for row in self.rows if asked["search"] in row["description"]]
        start = (int(asked["page"]) - 1) * FEW
        more = str(int(asked["page"]) + 1) if len(found) > start + FEW else ""
        rows = [{"references": {"full": f"{PROJECT}!{row['iid']}"}} for row in found]
        return as_json(rows[start : start + FEW], headers={"X-Next-Page": more})

    def __call__(self, request):
        return self.server(request)


class _FewRows(forges.FakeGitlab):
    def _page(self, rows, variables):
        return super()._page(rows, {**variables, "first": min(FEW, variables["first"])})


def _merge_request(number, when, task):
    return forges.a_merge_request(
        number, mergedAt=f"{when:%Y-%m-%dT%H:%M:%SZ}", title=f"Change {number}",
        description=f"Bug: T{task}", commits={"nodes": []},
    )  # fmt: skip


class Github:
    """A GitHub after its documentation."""

    def __init__(self):
        self.rows = [_pull_request(number, ago(300 - number), 100) for number in (1, 2)]
        self.server = forges.FakeGithub({REPOSITORY: self.rows}, found=self.found, page=FEW)

    def news(self):
        """More than a page."""
        for number in (11, 12, 13):
            self.rows.append(_pull_request(number, JUST_NOW, 90 + number))

    def found(self, query):
        terms = [word.strip('"') for word in query.split() if word.startswith('"T')]
        wanted = [row for row in self.rows if all(one in row["body"] for one in terms)]
        if "Reverts" in query or "reviewed-by" in query:
            return []
        return [(REPOSITORY, row["number"]) for row in wanted]

    def __call__(self, request):
        if b"socialAccounts" not in request.body.encode():
            return self.server(request)
        gist = {"isFork": False, "description": "", "files": []}
        user = {
            "databaseId": 501, "login": "exampledev", "socialAccounts": {"nodes": []},
            "bio": "https://wiki.example/wiki/User:Ada_Example", "websiteUrl": "",
            "gists": {"nodes": [gist]},
        }  # fmt: skip
        rate = {"cost": 1, "remaining": 4999, "resetAt": "2026-11-20T13:00:00Z"}
        return as_json({"data": {"rateLimit": rate, "user": user}})


def _pull_request(number, when, task):
    return forges.a_pull_request(
        number, mergedAt=f"{when:%Y-%m-%dT%H:%M:%SZ}", title=f"Change {number}",
        body=f"Bug: T{task}", commits={"nodes": []},
    )  # fmt: skip


class Wishlist:
    """The recorded wishlist, one of whose granted wishes names a task of Ada's."""

    def __init__(self):
        self.server = wishes_wiki.WishesWiki(largest=7)
        self.server.row("W1")["phabtasks"] = ["T100"]

    def news(self):
        """That wish got votes and another title."""
        row = self.server.row("W1")
        row |= {"votecount": row["votecount"] + 5, "title": "A shorter way to cite"}
        row["updated"] = f"{JUST_NOW:%Y-%m-%dT%H:%M:%SZ}"

    def __call__(self, request):
        return self.server(request)


class Toolhub:
    """A Toolhub after its documentation."""

    def __init__(self):
        self.rows = [self.tool(number, ago(100 + number)) for number in range(3)]

    def news(self):
        """More than a page."""
        self.rows += [self.tool(number, JUST_NOW) for number in range(10, 13)]

    @staticmethod
    def tool(number, modified):
        return {
            "name": f"tool-{number}", "title": f"Tool {number}", "tool_type": "web app",
            "repository": f"https://github.com/o/tool-{number}", "bugtracker_url": None,
            "annotations": {}, "author": [], "modified_date": modified.isoformat(),
        }  # fmt: skip

    def __call__(self, request):
        page = int(dict(request.query)["page"])
        rows = sorted(self.rows, key=lambda row: row["modified_date"], reverse=True)
        found = rows[(page - 1) * FEW : page * FEW]
        more = "http://127.0.0.1:9/" if len(rows) > page * FEW else None
        return as_json({"count": len(rows), "next": more, "results": found})


class TechNews:
    """The page with the list."""

    def __init__(self):
        self.tasks = ["T100"]

    def news(self):
        """One more task stands on the page."""
        self.tasks.append("T101")

    def __call__(self, request):
        text = "\n".join(f"* [[phab:{task}]]" for task in self.tasks)
        revision = {"slots": {"main": {"contentmodel": "wikitext", "content": text}}}
        page = {"pageid": 1, "title": "Tech/News", "revisions": [revision]}
        return as_json({"batchcomplete": True, "query": {"pages": [page]}})


class OnWiki:
    """A wiki with modules: Ada's edits, and those of somebody who did not join."""

    def __init__(self):
        self.edits = [self.edit(number, 4, ago(20 - number)) for number in (1, 2, 3)]

    def news(self):
        """More than a page."""
        for number, user in ((11, 4), (12, 9), (13, 4)):
            self.edits.append(self.edit(number, user, JUST_NOW + timedelta(seconds=number)))

    @staticmethod
    def edit(number, user, when):
        title = f"Module:M{number}"
        return {
            "type": "edit", "ns": 828, "title": title, "revid": number, "old_revid": 0,
            "userid": user, "user": "Ada Example" if user == 4 else "Grace Example",
            "minor": False, "bot": False, "new": False, "oldlen": 0, "newlen": 900, "size": 900,
            "sizediff": 900, "comment": "grow", "timestamp": f"{when:%Y-%m-%dT%H:%M:%SZ}",
            "parentid": 0, "sha1": f"{number:040x}", "tags": [],
        }  # fmt: skip

    def __call__(self, request):
        asked = dict(request.query) | dict(request.form)
        return as_json(getattr(self, asked.get("list") or asked["prop"])(asked))

    def users(self, asked):
        ids = {"Ada Example": 4}
        known = ids.get(asked["ususers"])
        row = {"name": asked["ususers"], "missing": True}
        if known:
            row = {"name": asked["ususers"], "userid": known, "centralids": {"local": known}}
        return {"batchcomplete": True, "query": {"users": [row]}}

    def recentchanges(self, asked):
        rows = [one for one in self.edits if one["timestamp"] >= asked["rcstart"]]
        return self._page(rows, "recentchanges", asked.get("rccontinue"), "rccontinue")

    def usercontribs(self, asked):
        rows = [one for one in self.edits if str(one["userid"]) == asked["ucuserids"]]
        return self._page(rows, "usercontribs", asked.get("uccontinue"), "uccontinue")

    def _page(self, rows, name, after, mark):
        if after and not after.isdigit():
            return wishes_wiki.BAD_CONTINUE
        start = int(after or 0)
        answer = {"query": {name: copy.deepcopy(rows[start : start + FEW])}}
        if len(rows) > start + FEW:
            answer["continue"] = {mark: str(start + FEW), "continue": "-||"}
        return answer

    def revisions(self, asked):
        wanted = set(asked["revids"].split("|"))
        pages = [
            {"pageid": one["revid"], "ns": 828, "title": one["title"], "revisions": [
                {"revid": one["revid"], "userid": one["userid"], "sha1": one["sha1"], "tags": [],
                 "comment": one["comment"], "slots": {"main": {"contentmodel": "Scribunto"}}},
            ]}
            for one in self.edits if str(one["revid"]) in wanted
        ]  # fmt: skip
        return {"batchcomplete": True, "query": {"pages": pages}}

    def transcludedin(self, asked):
        pages = [
            {"pageid": 1, "ns": 828, "title": title, "transcludedin": [{"pageid": 2}]}
            for title in asked["titles"].split("|")
        ]
        return {"batchcomplete": True, "query": {"pages": pages}}


class Everywhere:
    """All of them, each below its name."""

    def __init__(self):
        makers: tuple = (Gerrit, Gitlab, Github, Phabricator, Wishlist, Toolhub, TechNews, OnWiki)
        self.servers = {one.__name__.lower(): one() for one in makers}

    def news(self):
        """An hour went by, and everybody has something new to tell."""
        for server in self.servers.values():
            server.news()

    def __call__(self, request):
        place, _, rest = request.target.removeprefix("/").partition("/")
        asked = copy.copy(request)
        asked.target = f"/{rest}"
        return self.servers[place](asked)


def _asked(answer, request):
    reply = answer(
        LocalRequest(
            request.method, request.path, request.query, "127.0.0.1",
            request.headers.get("Content-Type", ""), request.body.encode(),
        )
    )  # fmt: skip
    return Answer(reply.body, reply.status, reply.content_type)


def decoded(answer):
    """The prefix and the value of an answer of JSON."""
    text = answer.body.decode()
    prefix = ")]}'\n" if text.startswith(")]}'") else ""
    return prefix, json.loads(text.removeprefix(prefix))
