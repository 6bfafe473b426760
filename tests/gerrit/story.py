"""What happens on the real Gerrit of these tests: every kind of change, told once."""

from __future__ import annotations

from tests.gerrit.world import World

CORE = "mediawiki/core"
PUPPET = "operations/puppet"
CODE = "developer-badges-4f7k2m9q"
INLINE = "developer-badges-8h3j5n7p"
QUOTED = "developer-badges-6b2c9d4f"
ASKED = "developer-badges-3x5y7z2a"
TOPIC = "developer-badges-2t4u6v8w"
HASHTAG = "developer-badges-7h5g3f2d"

PEOPLE = {
    "ada": "Ada Example",
    "bert": "Bert Example",
    "cleo": "Cleo Example",
    "dora": "Dora Example",
    "eve": "Two Example",
    "eva": "Two Example",
    "robot": "Some Robot",
    "jenkins-bot": "jenkins-bot",
}


def tell(world: World) -> dict[str, int]:
    """Let it all happen; return the number of each change by its name."""
    for login, name in PEOPLE.items():
        world.person(login, name)
    world.site.call("PUT", "groups/Service%20Users/members/robot")
    world.project(CORE, "REL1_43")
    world.project(PUPPET)
    found = _reviewed(world) | _written_by_others(world) | _taken_back(world)
    found |= _of_bots(world) | _hidden(world) | _with_words(world)
    return found | _not_as_it_seems(world)


def _reviewed(world: World) -> dict[str, int]:
    """A change with one round of review, among much that is none."""
    message = "Close the dialog on Escape\n\nBug: T101\nBug: T102"
    first = world.commit(CORE, message, "ada")
    change = world.push(CORE, first, "ada")
    [row] = world.query(f"change:{change}")
    world.review(change, "jenkins-bot", None, "Build succeeded.")
    world.review(change, "ada", None, "I wonder whether this is right.")
    world.review(change, "cleo", -1, "Please mend the focus.")
    files = {
        "resources/dialog.js": "close\n" * 40,
        "home/ada/close.png": b"\0\1\2",
    }
    again = world.commit(CORE, message, "ada", files=files, change_id=row["change_id"])
    world.push(CORE, again, "ada")
    world.review(change, "cleo", 1, "Good.")
    world.review(change, "dora", None, "Thank you.")
    world.review(change, "ada", 1)
    world.submit(change)
    world.fetch(CORE)
    return {"reviewed": change}


def _written_by_others(world: World) -> dict[str, int]:
    helped = "Help each other\n\nBug: T103\nCo-Authored-By: Cleo <cleo@example.org>"
    helped += "\nCo-authored-by: Nobody <nobody@elsewhere.example>"
    return {
        "helped": world.merged(
            CORE, helped, "ada", author="bert", files={"src/help.txt": "help\n" * 9}
        ),
        "foreign": world.merged(
            CORE, "Bring a patch\n\nBug: T104", "dora", author="Eve <stranger@elsewhere.example>"
        ),
    }


def _taken_back(world: World) -> dict[str, int]:
    moved = {"src/help.txt": "src/helper.txt"}
    made = {"feature": world.merged(CORE, "Add a feature\n\nBug: T201", "ada", moved=moved)}
    made["revert"] = world.revert(made["feature"], "dora")
    world.submit(made["revert"])
    made["reland"] = world.revert(made["revert"], "ada")
    world.submit(made["reland"])
    world.fetch(CORE)
    made["by commit"] = world.merged(CORE, "Go fast\n\nBug: T202", "bert")
    said = f'Revert "Go fast"\n\nThis reverts commit {world.hash(made["by commit"])}.\n\nBug: T202'
    made["by hand"] = world.merged(CORE, said, "cleo")
    made["by change"] = world.merged(PUPPET, "Open a port\n\nBug: T203", "cleo")
    said = f'Revert "Open a port"\n\nThis reverts change {world.change_id(made["by change"])}.\n\nBug: T203'
    made["by hand too"] = world.merged(PUPPET, said, "ada")
    made["everywhere"] = world.merged(CORE, "Mend a hole\n\nBug: T204", "bert")
    made["backport"] = world.cherry_pick(made["everywhere"], "REL1_43", "dora")
    world.submit(made["backport"])
    return made


def _of_bots(world: World) -> dict[str, int]:
    return {
        "robot's": world.merged(PUPPET, "Update libraries\n\nBug: T301", "robot"),
        "jenkins'": world.merged(PUPPET, "Update more\n\nBug: T301", "jenkins-bot"),
        "robot wrote": world.merged(PUPPET, "Update it all\n\nBug: T301", "ada", author="robot"),
    }


def _hidden(world: World) -> dict[str, int]:
    """What is not merged, and must never be told."""

    def pushed(*options: str) -> int:
        commit = world.commit(CORE, "Hidden words\n\nBug: T101", "ada")
        return world.push(CORE, commit, "ada", "master", *options)

    made = {"private": pushed("private"), "wip": pushed("wip"), "open": pushed()}
    made["abandoned"] = pushed()
    world.site.call("POST", f"changes/{made['abandoned']}/abandon", {})
    return made


def _with_words(world: World) -> dict[str, int]:
    """What Bert says on changes of his own, what others say there, and what Gerrit says for him."""
    change = world.push(PUPPET, world.commit(PUPPET, "Talk\n\nx", "bert"), "bert")
    world.review(change, "bert", None, f"This is my code:\n\n  {CODE}\n")
    world.review(change, "cleo", None, f"Mine is\n{QUOTED}")
    world.review(change, "bert", None, f"> Mine is\n> {QUOTED}\n\nIs it? And what is {ASKED}?")
    told = world.push(PUPPET, world.commit(PUPPET, "Talk more\n\nx", "bert"), "bert")
    said = [{"line": 7, "message": words} for words in (INLINE, f"What is {ASKED}?")]
    world.review(told, "bert", None, comments={"/COMMIT_MSG": said})
    labelled = world.push(PUPPET, world.commit(PUPPET, "Label it\n\nx", "bert"), "bert")
    world.label(labelled, "admin", topic=TOPIC, hashtags={"add": [HASHTAG]})
    world.label(labelled, "bert", topic="ports", hashtags={"add": ["x"], "remove": [HASHTAG]})
    return {"words": change, "inline words": told, "labelled": labelled}


def _not_as_it_seems(world: World) -> dict[str, int]:
    """Credit that somebody tries to take, or takes for work that nobody looked at."""
    first = world.push(CORE, world.commit(CORE, "Begin a plan\n\nBug: T401", "ada"), "ada")
    [row] = world.query(f"change:{first}")
    amended = world.commit(CORE, "Begin a plan\n\nBug: T401", "cleo", change_id=row["change_id"])
    world.push(CORE, amended, "cleo")
    world.submit(first)
    world.fetch(CORE)
    says = f"Tidy up\n\nThis reverts commit {world.hash(first)}.\n\nBug: T402"
    some = f'Revert "Begin a plan"\n\nThis reverts commit {world.hash(first)} in part.'
    return {
        "amended": first,
        "says it reverts": world.merged(CORE, says, "bert"),
        "reverts some": world.merged(CORE, some, "bert"),
        "alone": world.merged(
            PUPPET, "Look at it myself\n\nx", "admin", author="admin <admin@example.com>"
        ),
    }
