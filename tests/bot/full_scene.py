"""Everything at once: somebody with accounts everywhere, a wish, a row that names them, reviews, a code."""

from scoring.model import Wish
from sources.port import Account
from tests.bot.scene import HOME, REGISTRY, ROOT, Scene
from tests.builders import a_change, a_task
from tests.fakes import FakeGerrit, FakeTechNews, FakeToolhub, FakeWikiOfCode, FakeWishlist

NAMES = ("Augusta", "augusta-at-github", "phab-Augusta", "gerrit:Augusta", "gitlab:Augusta")
KEYS = ("github:77", "PHID-USER-Augusta", "onwiki:metawiki:7")


class FullScene(Scene):
    """Everything at once."""

    def __init__(self, folder, database=None):
        super().__init__(folder, database)
        self.gitlab, self.github = FakeGerrit(name="gitlab"), FakeGerrit(name="github")
        self.wishlist, self.news = FakeWishlist(), FakeTechNews({100})
        self.code, self.toolhub = FakeWikiOfCode(), FakeToolhub()

    def world(self, **changed):
        everything = {
            "forges": (self.gerrit, self.gitlab, self.github), "wishlist": self.wishlist,
            "technews": self.news, "toolhub": self.toolhub, "onwiki": (self.code,),
        }  # fmt: skip
        return super().world(**{**everything, **changed})

    def pages_text(self):
        """Every page of ours as it stands today; titles of tombstones bear what they bore."""
        ours = [title for title in self.wiki.pages if title.startswith(HOME)]
        return "\n".join(self.wiki.text(title) for title in ours)


def full_scene(folder, database=None):
    """Augusta takes part in everything there is; Zoe, who shares a task with her, did not join."""
    scene = FullScene(folder, database)
    scene.exists("Augusta", "Zoe")
    scene.gitlab.names["Augusta"] = "gitlab:Augusta"
    account = Account("github:77", "augusta-at-github")
    scene.github.posts["augusta-at-github"] = (account, scene.wiki.user_page_urls("Augusta")[0])
    scene.code.accounts[-scene.wiki.accounts["Augusta"]] = Account("onwiki:metawiki:7", "Augusta")
    line = "* {{Developer badges/Person|Augusta|developer=Augusta|github=augusta-at-github}}"
    scene.wiki.edit(REGISTRY, f"{scene.wiki.text(REGISTRY)}\n{line}", "Augusta", scene.now)
    scene.merges(
        a_change(1, "gerrit:Augusta", tasks=(100,)),
        a_change(2, "gerrit:Zoe", tasks=(100,), reviewers=("gerrit:Augusta",)),
    )
    scene.task(a_task(100, subtasks=(101,)), owner="Augusta")
    scene.wishlist.found["W1"] = (scene.now, Wish("W1", "done", (100,), title="A wish"))
    scene.wiki.groups["Root"] = {"sysop"}
    row = "* {{Developer badges/Wish|list=x|wish=1|status=done|date=2025-01-01|implementers=Augusta|accepted=yes}}"
    scene.wiki.edit(f"{ROOT}/Wishes", row, "Root", scene.now)
    reviews = (
        "work=T100|size=large|reason=Augusta told me",
        "work=T100|not-by=Zoe|accepted=yes",
        "work=T101|by=Augusta|accepted=yes",
        "badge=mentor|person=Augusta|date=2026-01-02|evidence=https://x.org/Augusta|accepted=yes",
    )
    lines = "\n".join(f"* {{{{Developer badges/Review|{one}}}}}" for one in reviews)
    scene.wiki.edit(f"{ROOT}/Reviews/2026", lines, "Root", scene.now)
    scene.round(full=True)
    return scene
