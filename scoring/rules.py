"""Every weight, cap, threshold and table of the score, as data, with the defaults we ship.

The model is that of our survey of peers (Exercism's ladder of 1 to 100, Kamei's diffusion of
changes, Drupal's reach): terms in 0..1, each with a stated share of difficulty or of impact, and
``10^difficulty × 10^impact`` points. Chain is small so that cutting a patch gains nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from scoring.badge import Badge
from scoring.catalogue import CATALOGUE

Table = tuple[tuple[str, tuple[str, ...]], ...]
"""Rows of (kind, patterns), searched in the path with a slash before it: "/lib/" is a folder
anywhere, "^/lib/" one at the top. Many short patterns are found faster than one long one."""
Reaches = tuple[tuple[str, float, str], ...]
"""Rows of (pattern, value in 0..1, fact); the pattern fits the whole name."""

# What fits nowhere is code.
KINDS: Table = (
    ("lock", (
        r"/(package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|go\.sum)$",
        r"/(composer|yarn|Gemfile|poetry|Cargo|Pipfile|uv)\.lock$",
    )),
    ("minified", (
        r"[.-]min\.(js|css|mjs)$", r"\.map(\.json)?$",
    )),
    ("translation", (
        r"/(i18n|languages/(i18n|messages)|locales?)/.*\.(json|php|po|pot|ya?ml|properties)$",
        r"\.i18n(\.\w+)?\.php$", r"\.(alias(es)?|magic|namespaces)\.php$", r"\.(po|pot)$",
    )),
    ("vendored", (
        r"/(vendor|node_modules|third[-_]?party|bower_components|puppet_modules)/",
        r"/(resources|modules|static|MwEmbedModules)/(.*/)?lib/",
        r"/lib/(?!.*\.(php|py|pp|lua|rb|ts|vue)$)(oojs[^/]*|jquery[^/]*|vega[^/]*|d3|echarts|external|[^/]+)/.*\.(js|css|less|mjs)$",
        r"^/lib/[^/]+\.(js|css)$", r"^/rebaser/", r"^/geshi/geshi/", r"/MathJax/",
        r"^/modules/(stdlib|apt|concat|firewall|inifile|lvm|mysql|postgresql|puppetdbquery)/",
        r"^/modules/admin/files/home/", r"/(COPYING|LICEN[CS]E|KEYS)(\.\w+)?$",
    )),
    ("generated", (
        r"/(dist|_build|coverage)/", r"/build/output/", r"/docs/api/",
        r"/wikiversions(-\w+)?\.(json|cdb|php|dat)$", r"Grammar\.php$", r"\.pegphp$",
        r"/autoload(_classmap)?\.php$", r"/sql/(mysql|sqlite|postgres)/", r"/baseconfig/",
        r"/\.phan/baseline", r"NameSearchData\.php$", r"/initial-content\.xml$", r"\.dblist$",
        r"\.(svg|png|jpe?g|gif|ico|webp|ai|woff2?|ttf|otf|eot|pdf|ogg|webm|mp[34]|crt|pem|asc)$",
    )),
    ("fixture", (
        r"/(fixtures?|snapshots?|__snapshots__|testdata|test_data|expected|cassettes)/",
        r"\.(snap|expected|att)$",
        r"/tests?/.*\.(html|json|xml|txt|wikitext|csv|sql|srt|nt|ya?ml)$",
        r"[Kk]nown[-_]?[Ff]ailures", r"-blacklist[^/]*\.(js|json|php)$", r"/JSPHP-suite\.json$",
        r"/parserTests\.txt$",
    )),
    ("tests", (
        r"/(tests?|specs?|__tests__|selenium|cypress|qunit)/", r"(Test|TestCase|Spec)\.\w+$",
        r"[._](test|spec)\.\w+$", r"/test_[^/]*\.py$", r"\.(feature|vtc)$",
    )),
    ("docs", (
        r"/docs?/", r"\.(md|rst|txt|mediawiki|wiki|adoc|markdown)$",
        r"/(README|HISTORY|CHANGE(S|LOG)|RELEASE-NOTES|CREDITS|AUTHORS|UPGRADE)[^/]*$",
        r"/changelog$",
    )),
    ("configuration", (
        r"/\.[^/]+$", r"\.(json|ya?ml|toml|ini|cfg|conf|erb|neon|properties|xml)$",
        r"/(Dockerfile|Makefile|Gruntfile\.js|Rakefile|Gemfile)$",
    )),
)  # fmt: skip

# A project that fits nowhere has a reach that is not known.
REACH: Reaches = (
    (r"mediawiki/(core|vendor)|mediawiki/skins/(Vector|MinervaNeue)|mediawiki/libs/.*|mediawiki/services/parsoid", 1.0, "reach-core"),
    (r"VisualEditor/VisualEditor|oojs/ui|design/codex|css-sanitizer|operations/(mediawiki-config|puppet)", 0.7, "reach-deployed"),
    (
        r"mediawiki/extensions/(AbuseFilter|Babel|BetaFeatures|CentralAuth|CentralNotice|CheckUser|CirrusSearch|Cite|CiteThisPage"
        r"|CodeEditor|CodeMirror|CommunityRequests|ConfirmEdit|DiscussionTools|Echo|EventLogging|FileImporter|Gadgets|GlobalBlocking"
        r"|GlobalCssJs|GlobalPreferences|GlobalUserPage|ImageMap|InputBox|JsonConfig|Kartographer|LoginNotify|MassMessage|Math"
        r"|MobileFrontend|MultimediaViewer|Nuke|OATHAuth|OAuth|PageImages|ParserFunctions|Popups|Scribunto|SecurePoll|SpamBlacklist"
        r"|SyntaxHighlight_GeSHi|TemplateData|TemplateStyles|Thanks|TimedMediaHandler|TitleBlacklist|TorBlock|TwoColConflict"
        r"|UniversalLanguageSelector|VisualEditor|WikiEditor|WikimediaEvents|WikimediaMessages|Wikibase)",
        0.7,
        "reach-deployed",
    ),
    (r"pywikibot/.*|labs/.*|cloud/.*|toolforge.*|toolhub|integration/.*|mediawiki/(tools|gadgets|vagrant).*|apps/.*", 0.3, "reach-tool"),
    (r"mediawiki/(extensions|skins|services)/.*|operations/.*|wikidata/.*", 0.5, "reach-some"),
)  # fmt: skip

# Where the tags of a task come as names, they may say more than the project.
TAGS: Reaches = (
    (r"(?i:MediaWiki-(Core|General|Parser|Page|User|Action)\b.*|Parsoid.*)", 1.0, "reach-core"),
    (r"(?i:Toolforge.*|Tools?\b.*|Pywikibot.*|User-scripts|MediaWiki-Vagrant)", 0.3, "reach-tool"),
)


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
        ("code", 1.0), ("tests", 0.5), ("docs", 0.5), ("configuration", 0.5),
    )  # fmt: skip
    """What a line of each kind counts; kinds that are not here count nothing."""

    lines_cap: int = 1000
    """Effective lines at which Size is 1."""
    lines_of_a_file: int = 200
    """No file of a work counts more lines than this."""
    replaced_lines: int = 4
    """Lines that only replace others count up to this …"""
    replaced_part: float = 0.5
    """… or up to this part of those that came (or went) for good."""
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
    reaches: Reaches = REACH
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

    tasks_of_a_change: int = 3
    umbrella_changes: int = 30
    umbrella_subtasks: int = 30
    """A task with more subtasks gathers them, whether or not anything is known of these."""
    umbrella_tags: str = r"(?i:epic|tracking([-_ ]neverending)?)"
    """Tags of tasks that only gather others; the pattern fits the whole name."""
    series_days: int = 7
    backports: str = r"(wmf/|REL\d|release/|fundraising/)"
    main_branches: str = r"(refs/heads/)?(master|main|production|develop)"
    """Where a revert speaks of every branch, and where a change is at home that lies on several."""
    sources: tuple[str, ...] = ("gerrit", "gitlab", "github", "onwiki")
    """Of a commit that several sources tell of, the first of these has it: others only mirror it."""
    wish_grace_days: int = 90
    """What is done for a wish so long after it was granted, was not what granted it."""
    granted: frozenset[str] = frozenset({"done", "delivered"})
    share_of_issue: float = 0.20
    about_equal: float = 1.25
    """Authors are equal if none has more than so many times the n-th part."""
    points_without_change: float = 5.0
    staff_names: str = r"[(-](WMF|WMDE)\)?$"
    """What is found in the names of accounts that are used at work: Wikimedia's convention."""
    bots: frozenset[str] = frozenset()
    """Further names of automatic accounts, in lower case, at any source."""
    small_points: float = 3.0
    small_sum: float = 20.0
    small_days: int = 30

    badges: tuple[Badge, ...] = CATALOGUE


RULES = Rules()
