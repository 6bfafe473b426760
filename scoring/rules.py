"""Every weight, cap, threshold and table of the score, as data, with the defaults we ship.

The model is that of our survey of peers (Exercism's ladder of 1 to 100, Kamei's diffusion of
changes, Drupal's reach): terms in 0..1, each with a stated share of difficulty or of impact, and
``10^difficulty × 10^impact`` points. Chain is small so that cutting a patch gains nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from scoring.badge import Badge
from scoring.catalogue import CATALOGUE
from scoring.kind_table import KINDS, Table

Patterns = tuple[str, ...]
"""What fits is said in the patterns of ``scoring.globs``; nothing in the rules is ever executed."""
Reaches = tuple[tuple[str, float, Patterns], ...]
"""Rows of (fact, value in 0..1, patterns): the first row that fits is it."""

# A project that fits nowhere has a reach that is not known.
REACHES: Reaches = (
    ("reach-core", 1.0, (
        "/mediawiki/{core,vendor}", "/mediawiki/skins/{Vector,MinervaNeue}", "/mediawiki/libs/**",
        "/mediawiki/services/parsoid",
    )),
    ("reach-deployed", 0.7, (
        "/VisualEditor/VisualEditor", "/oojs/ui", "/design/codex", "/css-sanitizer",
        "/operations/{mediawiki-config,puppet}",
        "/mediawiki/extensions/{AbuseFilter,Babel,BetaFeatures,CentralAuth,CentralNotice,CheckUser,CirrusSearch,Cite,CiteThisPage}",
        "/mediawiki/extensions/{CodeEditor,CodeMirror,CommunityRequests,ConfirmEdit,DiscussionTools,Echo,EventLogging,FileImporter}",
        "/mediawiki/extensions/{Gadgets,GlobalBlocking,GlobalCssJs,GlobalPreferences,GlobalUserPage,ImageMap,InputBox,JsonConfig}",
        "/mediawiki/extensions/{Kartographer,LoginNotify,MassMessage,Math,MobileFrontend,MultimediaViewer,Nuke,OATHAuth,OAuth}",
        "/mediawiki/extensions/{PageImages,ParserFunctions,Popups,Scribunto,SecurePoll,SpamBlacklist,SyntaxHighlight_GeSHi}",
        "/mediawiki/extensions/{TemplateData,TemplateStyles,Thanks,TimedMediaHandler,TitleBlacklist,TorBlock,TwoColConflict}",
        "/mediawiki/extensions/{UniversalLanguageSelector,VisualEditor,WikiEditor,WikimediaEvents,WikimediaMessages,Wikibase}",
    )),
    ("reach-tool", 0.3, (
        "/pywikibot/**", "/labs/**", "/cloud/**", "/toolforge*/**", "/toolforge*", "/toolhub", "/integration/**",
        "/mediawiki/{tools,gadgets,vagrant}*/**", "/mediawiki/{tools,gadgets,vagrant}*", "/apps/**",
    )),
    ("reach-some", 0.5, ("/mediawiki/{extensions,skins,services}/**", "/operations/**", "/wikidata/**")),
)  # fmt: skip

# Where the tags of a task come as names, they may say more than the project. In lower case.
TAGS: Reaches = (
    ("reach-core", 1.0, ("/mediawiki-{core,general,parser,page,user,action}*", "/parsoid*")),
    ("reach-tool", 0.3, (
        "/toolforge*", "/tool", "/tools", "/tool-*", "/tools-*", "/tool *", "/tools *", "/pywikibot*", "/user-scripts",
        "/mediawiki-vagrant",
    )),
)  # fmt: skip


@dataclass(
    frozen=True, eq=False
)  # Compared by identity: what is remembered for rules is found fast.
class Rules:
    """The rules. Weights of difficulty add up to 1, and those of impact do."""

    size: float = 0.48
    spread: float = 0.30
    review: float = 0.17
    chain: float = 0.05
    """10^0.05 is 1.12: with all roundings, ten slices stay below 1.2 × the whole."""

    demand: float = 0.42
    reach: float = 0.18
    watchers: float = 0.18
    priority: float = 0.10
    age: float = 0.12

    kinds: Table = KINDS
    line_weights: tuple[tuple[str, float], ...] = (
        ("code", 1.0), ("style", 0.6), ("template", 0.6), ("tests", 0.5), ("docs", 0.2), ("configuration", 0.2),
        ("list", 0.05),
    )  # fmt: skip
    """What a line of each kind counts; kinds that are not here count nothing."""

    brought: tuple[str, ...] = (
        "/LICENSE",
        "/LICENSE.txt",
        "/LICENSE.md",
        "/LICENCE",
        "/COPYING",
        "/MIT-LICENSE.txt",
    )
    """A folder that comes with one of these is a library that somebody brought in, not what they wrote."""

    lines_cap: int = 1000
    """Effective lines at which Size is 1."""
    lines_of_a_file: int = 200
    """No file of a work counts more lines than this."""
    replaced_lines: int = 3
    """Lines that only replace others count until the work has this many …"""
    replaced_part: float = 0.5
    """… or up to this part of those that came (or went) for good."""
    deleted_part: float = 0.1
    """Lines that only went count so much of what lines count that came …"""
    deleted_lines: int = 20
    """… and never more than so many: to throw away is easier than to make."""
    rewritten_part: float = 0.5
    """What a line counts that came for another in a file in which, beside that, more came or went …"""
    rewritten_from: float = 0.3
    """… where that is so much of its lines; the less it is, the likelier they were only renamed or indented."""
    moved_lines: int = 10
    """A renamed file with at most so many changed lines was only moved."""
    small_file: int = 6
    """A file with at most so many lines may be one of a sweep."""
    even_file: int = 20
    """A file with more lines than this may be reindented, renamed in or moved about in …"""
    even_ratio: float = 0.15
    """… if what came and what went differ by at most this part of them."""
    mechanical_files: int = 30
    """So many small and even files are a sweep: then they count as replaced lines."""

    entropy_bits: float = 5.0
    """Bits of a full entropy: as if 32 files shared the lines equally."""
    directories_cap: int = 6
    spread_of_counted: float = 1.25
    """Spread counts in full if lines that count, times this, are all the lines there are."""
    rounds_cap: int = 8
    chain_cap: int = 5
    demand_cap: int = 200
    duplicate_weight: int = 2
    watchers_cap: int = 100
    watchers_always: int = 2
    """Who filed a task and who solved it watch it anyway."""
    years_cap: float = 10.0
    priorities: tuple[tuple[str, float], ...] = (
        ("unbreak", 1.0), ("high", 0.75), ("medium", 0.5), ("low", 0.25), ("lowest", 0.1),
    )  # fmt: skip
    reaches: Reaches = REACHES
    tags: Reaches = TAGS

    # What stands for a value that is not known. An absent thing is 0, not one of these.
    unknown_rounds: float = 0.15
    news_weight: int = 5
    """As many votes as it counts that Tech News listed a task as a resolved community request."""
    usage_cap: int = 10_000
    """So many pages or people that use it make the reach of on-wiki code 1."""
    unknown_demand: float = 0.05
    unknown_reach: float = 0.30
    """As low as the lowest that is known: saying more must never lower the points."""
    unknown_watchers: float = 0.15
    unknown_priority: float = 0.35
    unknown_age: float = 0.10

    labels: tuple[tuple[float, float], ...] = (
        (0.0, 0.05), (1.0, 0.1), (2.0, 0.25), (3.0, 0.4), (5.0, 0.55), (8.0, 0.75), (13.0, 1.0),
    )  # fmt: skip
    """Difficulty by the points that humans gave a task: that of the highest line reached."""

    sizes: tuple[tuple[str, float], ...] = (
        ("tiny", 0.1), ("small", 0.25), ("medium", 0.5), ("large", 0.75), ("massive", 1.0),
    )  # fmt: skip
    """What reviewers say of difficulty or impact (the words are Exercism's), and the value it stands for."""

    tasks_of_a_change: int = 3
    umbrella_changes: int = 30
    umbrella_subtasks: int = 30
    """A task with more subtasks gathers them, whether or not anything is known of these."""
    umbrella_tags: Patterns = ("/epic", "/tracking", "/tracking{-,_, }neverending")
    """Tags of tasks that only gather others, in lower case."""
    series_days: int = 7
    chain_hours: int = 12
    """Changes without a task that were merged so soon one after another are taken for one chain."""
    backports: Patterns = ("/{wmf,release,fundraising}/**", "/REL{0,1,2,3}*", "/REL{0,1,2,3}*/**")
    main_branches: Patterns = (
        "/{master,main,production,develop}",
        "/refs/heads/{master,main,production,develop}",
    )
    """Where a revert speaks of every branch, and where a change is at home that lies on several."""
    sources: tuple[str, ...] = ("gerrit", "gitlab", "github", "onwiki")
    """Of a commit that several sources tell of, the first of these has it: others only mirror it."""
    late_days: int = 90
    """What is merged so long after a task was closed, is no part of what closed it."""
    wish_grace_days: int = 90
    """What is done for a wish so long after it was granted, was not what granted it."""
    granted: frozenset[str] = frozenset({"done", "delivered"})
    least_part: float = 0.02
    """The size that a patch has at least when a work is shared out."""
    share_of_issue: float = 0.20
    about_equal: float = 1.25
    """Authors are equal if none has more than so many times the n-th part."""
    points_without_change: float = 5.0
    staff_names: Patterns = ("*{(,-}{WMF,WMDE}", "*{(,-}{WMF,WMDE})")
    """Names of accounts that are used at work: Wikimedia's convention."""
    small_points: float = 3.0
    small_sum: float = 20.0
    small_days: int = 30
    unseen_issues: int = 3
    """So many tasks whose changes nobody else looked at count as issues in any *small_days*."""

    hold_days: int = 14
    """So many days after a change of rules nobody gains or loses a tier by it."""
    badges: tuple[Badge, ...] = CATALOGUE


RULES = Rules()
