"""``publish``: the kit comes to the wiki, and nothing that editors wrote there is given up."""

import json

import pytest

from bot import cli
from bot.errors import EditConflict, SaveRefused, SettingsError, WikiUnreachable
from bot.install import Installed, write_pastes
from bot.kit import Orders, What, may_install, pages_to_install
from bot.kit_guard import guard_lines
from bot.kit_texts import KitTexts
from bot.kit_words import plan_lines, remaining_lines, to_paste
from tests.bot.kit_wiki import ROOT, Operator
from tests.builders import a_change, a_task
from wikitext.rules_page import TITLE

PAGE = "Module:Developer badges"
FIRST = "one\ntwo\nthree\nfour\nfive\n"
REGISTRY = f"{ROOT}/Registry"


@pytest.fixture
def olga(tmp_path):
    """An operator whose kit, of one page, stands on the wiki."""
    olga = Operator(tmp_path)
    olga.ships(PAGE, FIRST)
    olga.publishes()
    olga.wiki.edits.clear()
    return olga


def changed_here(olga, old="one", new="EINS"):
    olga.wiki.edit(PAGE, olga.wiki.text(PAGE).replace(old, new), "Editor")


def said(olga, orders=None):
    plan = olga.plans(orders)
    return "\n".join([*plan_lines(plan), *remaining_lines(plan, Installed(), [], olga.wiki)])


def test_publishing_twice_is_publishing_once(olga):
    assert olga.publishes().saved == []
    assert olga.wiki.edits == []
    assert [step.what for step in olga.plans().steps] == [What.SAME]


def test_a_page_that_nobody_changed_is_upgraded(olga):
    olga.ships(PAGE, FIRST.replace("five", "5"))

    assert "-five\n+5" in said(olga)
    assert olga.publishes().saved == [PAGE]
    assert olga.wiki.text(PAGE) == FIRST.replace("five", "5").rstrip()


def test_a_change_of_the_wiki_stays_and_is_shown(olga):
    changed_here(olga)

    assert said(olga).startswith(f"kept as changed on the wiki: [[{PAGE}]]\n--- {PAGE} (the kit's)")
    assert "-one\n+EINS" in said(olga)
    assert said(olga).endswith(
        "0 pages to save, 0 as they should be, 1 kept as changed on the wiki."
    )
    assert olga.publishes().saved == []
    assert "EINS" in olga.wiki.text(PAGE)


def test_a_change_of_the_wiki_survives_one_upgrade_after_the_other(olga):
    changed_here(olga)
    for new in ("5", "fünf", "cinq"):
        olga.ships(PAGE, FIRST.replace("five", new))
        assert olga.publishes().saved == [PAGE]
        assert olga.wiki.text(PAGE) == f"EINS\ntwo\nthree\nfour\n{new}"
        assert olga.publishes().saved == []


def test_what_the_wiki_and_the_kit_changed_alike_needs_no_edit(olga):
    changed_here(olga, "five", "5")
    changed_here(olga)
    olga.ships(PAGE, FIRST.replace("five", "5"))

    assert olga.publishes().saved == []
    assert [step.what for step in olga.plans().steps] == [What.KEPT]


def test_a_conflict_is_never_saved_and_is_told_with_its_lines_and_the_way_out(olga):
    changed_here(olga)
    olga.ships(PAGE, FIRST.replace("one", "UNO").replace("five", "5"))

    for _ in range(2):
        text = said(olga)
        assert f"conflict: [[{PAGE}]]" in text
        assert "@@ line 1 @@\n  wiki: EINS\n  kit:  UNO" in text
        assert "--overwrite TITLE" in text
        assert "--keep TITLE" in text
        assert olga.publishes().saved == []
    assert olga.wiki.text(PAGE) == FIRST.replace("one", "EINS").rstrip()


def test_a_conflict_ends_when_the_page_is_mended_on_the_wiki(olga):
    changed_here(olga)
    olga.ships(PAGE, FIRST.replace("one", "UNO").replace("five", "5"))
    olga.publishes()
    changed_here(olga, "EINS", "UNO")

    assert olga.publishes().saved == [PAGE]
    assert olga.wiki.text(PAGE) == FIRST.replace("one", "UNO").replace("five", "5").rstrip()


def test_overwrite_replaces_the_pages_that_it_names_and_no_others(olga):
    other = f"{PAGE}/doc"
    olga.ships(other, FIRST)
    olga.publishes()
    changed_here(olga)
    olga.wiki.edit(other, "ours", "Editor")

    assert olga.publishes(Orders(frozenset({other}))).saved == [other]
    assert "EINS" in olga.wiki.text(PAGE)
    assert olga.publishes(Orders(None)).saved == [PAGE]
    assert olga.wiki.text(PAGE) == FIRST.rstrip()
    assert olga.publishes().saved == []


def test_keep_settles_a_conflict_and_the_next_upgrade_merges_again(olga):
    changed_here(olga)
    olga.ships(PAGE, FIRST.replace("one", "UNO"))

    assert olga.publishes(Orders(keep=frozenset({PAGE}))).saved == []
    assert olga.plans().steps[0].what is What.KEPT
    olga.ships(PAGE, FIRST.replace("one", "UNO").replace("five", "5"))
    olga.publishes()
    assert olga.wiki.text(PAGE) == "EINS\ntwo\nthree\nfour\n5"


def test_a_title_that_is_no_page_of_the_kit_is_a_slip_of_the_operator(olga):
    for orders in (Orders(frozenset({"Main Page"})), Orders(keep=frozenset({"Main Page"}))):
        with pytest.raises(SettingsError, match="Main Page"):
            olga.plans(orders)


def test_without_a_ledger_the_history_tells_what_a_page_was_made_of(olga):
    changed_here(olga)
    olga.ships(PAGE, FIRST.replace("five", "5"))
    olga.publishes()
    olga.forgets()
    # The merged text is no version of the kit: taken for one, the change of the wiki would go.
    olga.ships(PAGE, FIRST.replace("five", "5").replace("three", "3"))
    assert olga.publishes().saved == [PAGE]
    assert olga.wiki.text(PAGE) == "EINS\ntwo\n3\nfour\n5"

    olga.forgets()
    assert olga.publishes().saved == []
    assert "EINS" in olga.wiki.text(PAGE)


def test_without_ledger_and_history_a_page_that_differs_is_a_conflict(tmp_path):
    olga = Operator(tmp_path)
    olga.ships(PAGE, FIRST)
    olga.wiki.edit(PAGE, FIRST.replace("one", "EINS"), "Editor")

    assert "  wiki: EINS\n  kit:  one" in said(olga)
    assert olga.publishes().saved == []

    olga.wiki.edit(PAGE, FIRST, "Administrator")  # Pasted by hand …
    changed_here(olga)  # … and changed: now the history has the kit's text.
    assert olga.publishes().saved == []
    assert olga.plans().steps[0].what is What.KEPT


def test_nobody_else_can_pretend_that_their_text_was_the_kits(olga):
    olga.forgets()
    changed_here(olga)
    for revision in olga.wiki.pages[PAGE][:1]:
        olga.wiki.summaries[revision.id + 1] = olga.wiki.summaries[revision.id]
    olga.ships(PAGE, FIRST.replace("five", "5"))

    olga.publishes()
    assert olga.wiki.text(PAGE) == "EINS\ntwo\nthree\nfour\n5"


def test_messages_merge_by_key_and_broken_json_is_a_conflict(olga):
    title = f"{PAGE}/i18n/de.json"
    olga.ships(title, json.dumps({"a": "A", "old": "Old"}))
    olga.publishes()
    olga.wiki.edit(title, json.dumps({"a": "Ä", "old": "Old"}), "Translator")
    olga.ships(title, json.dumps({"a": "A", "b": "B"}))

    olga.publishes()
    assert json.loads(olga.wiki.text(title)) == {"a": "Ä", "b": "B"}

    olga.wiki.edit(title, '{"a": "Ä",', "Translator")
    olga.ships(title, json.dumps({"a": "A", "b": "BB"}))
    assert olga.publishes().saved == []
    assert olga.plans().steps[-1].what is What.CONFLICT


def test_a_very_long_change_of_the_wiki_is_cut(olga):
    changed_here(olga, "one", "\n".join(map(str, range(100))))

    assert "\n+30\n" in said(olga)
    assert "\n+90\n" not in said(olga)
    assert "  … and 67 more lines" in said(olga)


CONFIG = f"{PAGE}/config.json"
ENGLISH = f"{PAGE}/i18n/en.json"
CARD = f"{PAGE}/card"


@pytest.fixture
def shown(olga):
    """A message on the wiki that editors and the kit changed, and a card that needs a new one."""
    olga.ships(ENGLISH, json.dumps({"about": "About"}))
    olga.ships(CARD, "about")
    olga.publishes()
    olga.wiki.edit(ENGLISH, json.dumps({"about": "Of here"}), "Editor")
    olga.ships(ENGLISH, json.dumps({"about": "Of the kit", "about-new": "New"}))
    olga.ships(CARD, "about-new")
    return olga


def test_a_conflict_in_one_message_brings_all_others_and_is_told_until_it_is_settled(shown):
    assert shown.publishes().saved == [ENGLISH, CARD]
    for _ in range(2):
        assert json.loads(shown.wiki.text(ENGLISH)) == {"about": "Of here", "about-new": "New"}
        assert '@@ key "about" @@\n  wiki:     "about": "Of here"' in said(shown)
        assert "--keep TITLE" in said(shown)
        assert shown.plans().leaves_work
        assert shown.publishes().saved == []

    assert shown.publishes(Orders(keep=frozenset({ENGLISH}))).saved == []
    assert not shown.plans().leaves_work
    assert json.loads(shown.wiki.text(ENGLISH)) == {"about": "Of here", "about-new": "New"}


def test_keep_brings_what_is_new_and_keeps_only_what_is_in_conflict(shown):
    assert shown.publishes(Orders(keep=frozenset({ENGLISH}))).saved == [ENGLISH, CARD]
    assert json.loads(shown.wiki.text(ENGLISH)) == {"about": "Of here", "about-new": "New"}
    assert not shown.plans().leaves_work


def test_without_a_ledger_a_message_in_conflict_costs_no_other(shown):
    shown.wiki.summaries.clear()
    shown.forgets()

    shown.publishes(Orders(frozenset({CARD})))
    assert json.loads(shown.wiki.text(ENGLISH)) == {"about": "Of here", "about-new": "New"}
    assert [step.title for step in shown.plans().conflicts] == [ENGLISH]


def test_code_changes_as_a_whole_or_not_at_all(shown):
    changed_here(shown)
    shown.ships(PAGE, FIRST.replace("one", "UNO"))
    shown.ships("Template:Developer badges", "new")
    shown.ships(ROOT, "new")

    text = said(shown)
    assert "2 in conflict, 3 waiting for others." in text
    assert "Code changes as a whole or not at all, so these pages wait" in text
    assert f"install this page: [[{ROOT}]]" not in text
    assert f"new page: [[{ROOT}]], 3 bytes (waits for others: see the end)" in text
    assert shown.publishes().saved == [ENGLISH]
    assert shown.wiki.text(CARD) == "about"

    assert shown.publishes(Orders(frozenset({PAGE}))).saved == [
        PAGE, CARD, "Template:Developer badges", ROOT,
    ]  # fmt: skip


@pytest.mark.parametrize("barred", [PAGE, ENGLISH])
def test_code_waits_for_a_page_that_an_administrator_has_to_paste(shown, barred):
    shown.ships(PAGE, FIRST.replace("one", "UNO"))
    shown.wiki.protected = {barred}

    assert CARD not in shown.publishes().saved
    assert [step.title for step in to_paste(shown.plans(), Installed())] == [barred]
    shown.wiki.protected = set()
    assert CARD in shown.publishes().saved


def test_after_a_page_of_code_is_refused_no_other_is_tried(shown):
    shown.ships(PAGE, FIRST.replace("one", "UNO"))
    shown.wiki.refuses[PAGE] = EditConflict("Somebody was faster.")
    plan, done = shown.plans(), shown.publishes()

    assert done.saved == [ENGLISH]
    text = "\n".join(remaining_lines(plan, done, [], shown.wiki))
    assert f"then run `publish` again:\n  [[{CARD}]]" in text


def test_documentation_in_conflict_keeps_no_code_waiting(shown):
    shown.ships(f"{PAGE}/doc", "kit")
    shown.wiki.edit(f"{PAGE}/doc", "wiki", "Editor")

    assert CARD in shown.publishes().saved


def test_whoever_changes_which_pages_the_module_believes_is_never_kept(olga):
    text = json.dumps({"bot": "BadgeBot", "root": ROOT})
    olga.ships(CONFIG, text, fixed=("bot", "root"))
    olga.publishes()
    forged = {"bot": "Mallory", "root": ROOT, "gerrit": "https://g.example/"}
    olga.wiki.edit(CONFIG, json.dumps(forged), "Mallory")

    for orders in (Orders(), Orders(keep=frozenset({CONFIG}))):
        assert "somebody changed on [[Module:Developer badges/config.json]] which" in said(olga)
        assert '  wiki:     "bot": "Mallory"' in said(olga)
        assert f'`--overwrite "{CONFIG}"`' in said(olga, orders)
        assert "--keep TITLE" not in said(olga, orders)
        assert olga.publishes(orders).saved == []
        assert olga.plans(orders).leaves_work
    assert olga.publishes(Orders(frozenset({CONFIG}))).saved == [CONFIG]
    assert json.loads(olga.wiki.text(CONFIG)) == json.loads(text)


def test_json_that_is_none_says_so_and_is_not_kept(shown):
    shown.wiki.edit(ENGLISH, '{"about": 1e999}', "Editor")

    for orders in (Orders(), Orders(keep=frozenset({ENGLISH}))):
        text = said(shown, orders)
        assert f"conflict: [[{ENGLISH}]] holds no JSON" in text
        assert "`--keep` cannot settle that" in text
        assert shown.publishes(orders).saved == []  # The card needs the new message.


def test_an_editors_page_without_the_head_of_the_kit_says_what_to_add(olga):
    head = "{{#invoke:Developer badges|page|registry}}"
    olga.wiki.edit(REGISTRY, "Who takes part", "Editor")
    olga.ships(REGISTRY, f"{head}\n\n== People ==", once=True)
    assert f"put it at the top of the page: {head}" in said(olga)

    olga.wiki.edit(REGISTRY, "{{ #invoke: Developer_badges | page | registry }} Hello", "Editor")
    assert said(olga).startswith("0 pages to save")


def test_the_pages_that_an_administrator_should_protect_are_named(olga):
    template, form = "Template:Developer badges", f"{ROOT}/Registry/Preload"
    for title in (CARD, ENGLISH, template, form, f"{ROOT}/Points"):
        olga.ships(title, '{"a": 1}')
    olga.ships(REGISTRY, "People:", once=True)
    assert list(guard_lines(olga.plans())) == []

    pages = (PAGE, CARD, ENGLISH)
    olga.wiki.levels = dict.fromkeys((*pages, form, REGISTRY, f"{ROOT}/Points"), "")
    olga.wiki.levels[template] = "autoconfirmed"
    text = "\n".join(guard_lines(olga.plans()))
    first, weak, shared = text.split("These are protected")[0], *text.splitlines()[-2:]
    assert f"[[{PAGE}]] and its subpages: all 3 pages" in first
    assert f"[[{form}]]" in first
    assert "Points" not in text
    assert weak == f"  [[{template}]]"
    assert f"People write on [[{REGISTRY}]]" in shared

    olga.wiki.levels = {CARD: ""}
    assert f"  [[{CARD}]]" in list(guard_lines(olga.plans()))


def test_what_belongs_to_the_editors_is_only_created(olga):
    olga.ships(REGISTRY, "People:", once=True)
    olga.publishes()
    olga.wiki.edit(REGISTRY, "People: Ada", "Ada")
    olga.ships(REGISTRY, "Persons:", once=True)

    assert olga.publishes(Orders(None)).saved == []
    assert olga.wiki.text(REGISTRY) == "People: Ada"


def test_a_page_deleted_on_the_wiki_is_made_again_unless_it_is_the_editors(olga):
    olga.ships(REGISTRY, "People:", once=True)
    olga.publishes()
    olga.wiki.delete(REGISTRY)
    olga.wiki.delete(PAGE)

    text = said(olga)
    assert f"was deleted on the wiki and is made again: [[{PAGE}]], 24 bytes" in text
    assert f"left [[{REGISTRY}]]: it was deleted on the wiki" in text
    assert olga.publishes().saved == [PAGE]
    assert olga.publishes(Orders(frozenset({REGISTRY}))).saved == [REGISTRY]


def test_a_page_that_the_kit_has_no_longer_is_named_until_it_is_gone(olga):
    old = f"{PAGE}/old"
    olga.ships(old, "old")
    olga.publishes()
    del olga.pages[old]

    for _ in range(2):
        assert f"[[{old}]] is no longer part of the kit; delete it" in said(olga)
        olga.publishes()
    assert olga.wiki.text(old) == "old"
    olga.wiki.delete(old)
    olga.publishes()
    assert (list(KitTexts(olga.ledger)), said(olga).count(old)) == ([PAGE], 0)


STYLES = "Template:Developer badges/styles.css"


def test_a_page_of_another_content_model_gets_the_right_one_and_keeps_its_text(olga):
    olga.ships(STYLES, "a {}\n", model="sanitized-css")
    olga.wiki.edit(STYLES, "a {}\nb {}", "Editor")
    olga.wiki.models[STYLES] = "wikitext"

    olga.publishes()  # A conflict: nobody knows who wrote b, so the page is not touched.
    assert olga.wiki.models[STYLES] == "wikitext"
    olga.publishes(Orders(keep=frozenset({STYLES})))
    assert (olga.wiki.models[STYLES], olga.wiki.text(STYLES)) == ("sanitized-css", "a {}\nb {}")


def test_who_may_not_change_content_models_is_told_what_an_administrator_does(olga):
    olga.ships(STYLES, "a {}\n", model="sanitized-css")
    olga.wiki.models[STYLES] = "wikitext"
    olga.wiki.rights = frozenset({"edit"})

    assert f"[[{STYLES}]] needs the content model sanitized-css, not wikitext" in said(olga)
    assert "Special:ChangeContentModel" in said(olga)
    olga.publishes()
    assert (olga.wiki.text(STYLES), olga.wiki.models[STYLES]) == ("a {}", "wikitext")


def test_without_templatestyles_the_sheet_is_what_its_title_makes_it(olga):
    olga.wiki.extensions = frozenset({"Scribunto"})
    olga.ships(STYLES, "a {}\n", model="sanitized-css")
    olga.publishes()

    assert STYLES not in olga.wiki.models
    assert not olga.plans().leaves_work


def test_pages_that_the_account_may_not_save_are_listed_and_written_to_files(olga, tmp_path):
    olga.ships(TITLE, "{}", once=True)
    olga.ships(f"{PAGE}/a", "a")
    olga.wiki.protected = {TITLE}
    olga.wiki.refuses[f"{PAGE}/a"] = SaveRefused("An abuse filter says no.")
    plan = olga.plans()
    done = olga.publishes()

    files = write_pastes(to_paste(plan, done), tmp_path / "paste")
    assert {file.name: file.read_text() for _, file in files} == {
        "MediaWiki%3ADeveloper-badges.json": "{}",
        "Module%3ADeveloper badges%2Fa": "a",
    }
    text = "\n".join(remaining_lines(plan, done, files, olga.wiki))
    assert "Olga Operator may not save these pages; an administrator has to paste" in text
    assert f"  [[{TITLE}]] → {tmp_path}" in text
    assert f"refused [[{PAGE}/a]]: An abuse filter says no." in text
    assert "--paste FOLDER" not in text


def test_a_folder_that_cannot_be_written_is_one_sentence(olga, tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(SettingsError, match="name another folder"):
        write_pastes([], tmp_path / "file")


def test_a_page_refused_once_is_not_taken_for_a_change_of_the_wiki(olga):
    olga.ships(PAGE, FIRST.replace("five", "5"))
    olga.wiki.refuses[PAGE] = EditConflict("Somebody was faster.")
    plan = olga.plans()
    done = olga.publishes()
    text = "\n".join(remaining_lines(plan, done, [], olga.wiki))
    assert text == f"refused [[{PAGE}]]: Somebody was faster. Run `publish` again."
    olga.wiki.refuses.clear()

    assert olga.publishes().saved == [PAGE]


def test_a_publish_that_ends_in_the_middle_goes_on_the_next_time(olga):
    for name in "abcd":
        olga.ships(f"{PAGE}/{name}", name)
    olga.wiki.refuses[f"{PAGE}/c"] = WikiUnreachable("The wiki says “not now” (ratelimited).")

    with pytest.raises(WikiUnreachable, match=r"standing: 2\. Run `python -m bot publish` again"):
        olga.publishes()
    olga.wiki.refuses.clear()
    assert olga.publishes().saved == [f"{PAGE}/c", f"{PAGE}/d"]


def test_an_edit_whose_answer_was_lost_is_found_the_next_time(olga):
    olga.ships(PAGE, FIRST.replace("five", "5"))
    olga.wiki.edit(PAGE, FIRST.replace("five", "5"), "Olga Operator")  # Saved, and then we died.
    changed_here(olga)

    assert olga.publishes().saved == []
    assert olga.wiki.text(PAGE) == "EINS\ntwo\nthree\nfour\n5\n"


def test_publish_saves_pages_of_the_kit_and_the_rules_and_nothing_else():
    may = may_install(ROOT)

    assert all(may("Olga", page.title) for page in pages_to_install(ROOT, "BadgeBot"))
    for title in (
        "MediaWiki:Common.json",
        "MediaWiki:Developer-badges.json/x",
        "MediaWiki:Developer-badges.js",
        "Template:Developer badges2",
        "User:Ada",
    ):
        assert not may("Olga", title)


def test_installing_the_rules_changes_no_byte_of_anybodys_page(scene):
    for name in ("Ada", "Grace"):
        scene.exists(name)
        scene.registers(name)
    scene.task(a_task(100), owner="Ada")
    scene.merges(a_change(1, "gerrit:Ada", tasks=(100,)), a_change(2, "gerrit:Grace", tasks=(100,)))
    scene.round()
    before = [scene.bytes_of(name) for name in ("Ada", "Grace")]
    assert "issues" in str(before)
    edits = len(scene.wiki.edits)
    *_, rules = pages_to_install(ROOT, "BadgeBot")
    assert (rules.title, rules.once) == (TITLE, True)
    scene.wiki.edit(TITLE, rules.text, "Operator")

    scene.round()
    assert [scene.bytes_of(name) for name in ("Ada", "Grace")] == before
    assert len(scene.wiki.edits) == edits
    assert scene.ledger.notes.recall("rules")["page"] == rules.text
    assert scene.ledger.notes.recall("rules")["before"] is None


@pytest.fixture
def terminal(olga, monkeypatch):
    """The command line at a terminal, with Olga's wiki and kit: ``terminal(answer, *words)``."""
    monkeypatch.setattr(cli, "build_kit_wiki", lambda _: olga.wiki)
    monkeypatch.setattr(cli, "build_wiki", lambda _: olga.wiki)
    monkeypatch.setattr(cli, "pages_to_install", lambda *_: tuple(olga.pages.values()))
    monkeypatch.setenv("BADGES_DATABASE_URL", f"sqlite:///{olga.folder / '1.sqlite'}")
    monkeypatch.setenv("BADGES_ROOT", ROOT)

    def call(answer, *words):
        monkeypatch.setattr("sys.stdin.isatty", lambda: answer is not None, raising=False)

        def ask(question):
            print(question, end="")
            if answer == "EOF":
                raise EOFError
            return answer

        monkeypatch.setattr("builtins.input", ask)
        return cli.main(["publish", *words])

    return call


def test_at_a_terminal_the_difference_is_shown_and_then_asked_about(olga, terminal, capsys):
    olga.ships(PAGE, FIRST.replace("five", "5\x1b[2J"))
    for answer in ("", "n", "maybe", "EOF"):
        assert terminal(answer) == 1
        assert olga.wiki.edits == []
    out = capsys.readouterr().out
    assert "-five" in out
    assert "\x1b" not in out
    assert "[y/N]" in out
    assert "Nothing was edited." in out

    assert terminal("y") == 0
    assert len(olga.wiki.edits) == 1
    assert terminal("EOF") == 0  # Nothing to save, nothing to ask.


def test_where_nobody_can_be_asked_it_needs_a_yes(olga, terminal, capsys):
    olga.ships(PAGE, FIRST.replace("five", "5"))

    assert terminal(None) == 2
    assert "publish --yes" in capsys.readouterr().err
    assert olga.wiki.edits == []
    assert terminal(None, "--yes") == 0
    assert terminal(None) == 0


def test_diff_shows_only_and_its_code_says_whether_there_is_something(olga, terminal, capsys):
    assert terminal(None, "--diff") == 0
    olga.ships(PAGE, FIRST.replace("five", "5"))
    assert terminal(None, "--diff") == 3
    assert "+5" in capsys.readouterr().out
    assert olga.wiki.edits == []


def test_what_is_left_to_a_human_is_partly_done(olga, terminal, tmp_path):
    changed_here(olga)
    olga.ships(PAGE, FIRST.replace("one", "UNO"))
    assert terminal(None, "--yes") == 3
    assert terminal(None, "--yes", "--overwrite", "[[Module:Developer_badges]]") == 0

    olga.ships(f"{PAGE}/b", "b")
    olga.wiki.protected = {f"{PAGE}/b"}
    assert terminal(None, "--yes", "--paste", str(tmp_path / "paste")) == 3
    assert len(list((tmp_path / "paste").iterdir())) == 1


def test_what_editors_write_into_a_page_cannot_steer_the_terminal(olga, terminal, capsys):
    changed_here(olga, "one", "EINS\x1b]0;pwned\x07\r\u202e")
    olga.ships(PAGE, FIRST.replace("one", "UNO"))

    terminal(None, "--diff")
    assert not {"\x1b", "\x07", "\r", "\u202e"} & set(capsys.readouterr().out)
