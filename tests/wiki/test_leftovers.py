"""What MediaWiki executes at somebody else's save is nobody's word: neither to join nor to accept."""

import json

import pytest

from tests.wiki.conftest import Wiki
from tests.wiki.practice import HOME, REGISTRY, TABLE, practising

pytestmark = pytest.mark.wiki

ADA = "Ada Example"
LEFT = "{{subst:User:Mallory/A}}ubst:"
WISH = (
    "* {{Developer badges/Wish|list=sample|wish=%s|title=Brackets|status=done|tasks=T8000702"
    "|date=2026-07-21%s}}"
)
QUINE = (
    "{{<includeonly>subst:</includeonly>User:Mallory/A}}ubst:User:Mallory/Q}}\n"
    "* {{Developer badges/Person|1={{<includeonly>subst:</includeonly>REVISIONUSER}}}}"
)


@pytest.fixture
def practice(wiki: Wiki, tmp_path):
    with practising(wiki, tmp_path) as practice:
        yield practice


def test_what_somebody_left_to_be_executed_neither_registers_others_nor_accepts_for_them(
    wiki, practice
):
    mallory, vic, ada = (practice.account(name) for name in ("Mallory", "Vic", ADA))
    mallory.edit("User:Mallory/A", "{{s")
    mallory.edit("User:Mallory/Y", "yes")
    mallory.edit("User:Mallory/Q", QUINE)

    def says():
        return [one["says"][0][0] for one in practice.page(vic, "report")["entries"]]

    def saved(client, title, old, new):
        client.edit(title, client.get(title).replace(old, new), "mend")
        return client.get(title)

    practice.register(ada, ADA)
    intro = mallory.get(REGISTRY)
    poison = f"* {{{{Developer badges/Person|1={LEFT}REVISIONUSER}}}}|wall=yes}}}}"
    mallory.edit(REGISTRY, f"== Peple ==\n{intro}\n{poison}")
    assert "{{subst:REVISIONUSER}}" in mallory.get(REGISTRY)
    practice.run()
    assert "1=Vic|wall=yes" in saved(vic, REGISTRY, "Peple", "People")
    practice.run()
    assert says()[1:] == ["hidden-revision"]
    assert practice.page(vic, "people/Vic") is None
    assert "Vic" not in json.dumps(practice.page(vic, "statistics"))

    # What stays on the page after it was executed is executed at every save.
    mallory.edit(REGISTRY, f"{intro}\n{LEFT}User:Mallory/Q}}}}")
    assert "{{subst:User:Mallory/Q}}" in mallory.get(REGISTRY)
    text = saved(vic, REGISTRY, "== People ==", "")
    vic.edit(REGISTRY, text + "\nA word.")
    practice.run()
    assert "Vic" not in json.dumps(practice.page(vic, "statistics"))
    assert practice.page(vic, "people/Vic") is None
    mallory.edit(REGISTRY, intro)

    other = WISH % ("2", "")
    waits = WISH % ("1", f"|accepted={LEFT}User:Mallory/Y}}}}")
    mallory.edit(TABLE, f"{other}\n{waits}")
    practice.run()
    table = saved(wiki.admin, TABLE, other, WISH % ("2", "|accepted=yes"))
    assert table.count("|accepted=yes}}") == 2
    practice.run()
    assert practice.page(ada, f"people/{ADA}")["wishes"] == []
    assert ada.get(f"{HOME}/report.json").count("wish-not-accepted") == 2

    # Nothing is left now: what the reviewer takes out and puts in again is theirs.
    saved(wiki.admin, TABLE, WISH % ("2", "|accepted=yes"), other)
    saved(wiki.admin, TABLE, other, WISH % ("2", "|accepted=yes"))
    practice.run()
    found = practice.page(ada, f"people/{ADA}")["wishes"]
    assert [one["wish"] for one in found] == ["sample 2"]
    assert ada.get(f"{HOME}/report.json").count("wish-not-accepted") == 1
