"""Every weight, cap, threshold and table of the score, as data, with the defaults we ship.

The model is that of our survey of peers (Exercism's ladder of 1 to 100, Kamei's diffusion of
changes, Drupal's reach), with Chain made small so that cutting a patch into slices gains nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

# Kinds of files by their path; the first pattern that fits decides, and "code" is the rest.
KINDS: tuple[tuple[str, str], ...] = (
    ("lock", r"(^|/)(package-lock\.json|npm-shrinkwrap\.json|composer\.lock|yarn\.lock|Gemfile\.lock|poetry\.lock|Cargo\.lock|go\.sum)$"),
    ("minified", r"\.min\.(js|css|mjs)$|\.map(\.json)?$"),
    ("translation", r"(^|/)(i18n|languages/(i18n|messages)|lang|locales?)/.*\.(json|php|po|pot|ya?ml|properties)$|\.i18n(\.\w+)?\.php$|\.alias(es)?\.php$"),
    ("vendored", r"(^|/)(vendor|node_modules|third_party|bower_components|puppet_modules)/|(^|/)(resources|modules|static)/lib/|(^|/)lib/(?!.*\.(php|py|pp|lua|rb)$)[^/]+/.*\.(js|css|less|mjs)$"),
    ("generated", r"(^|/)(dist|build|docs/api|_build)/|(^|/)wikiversions\.(json|cdb|php|dat)$|Grammar\.php$|(^|/)autoload(_classmap)?\.php$|(^|/)sql/(mysql|sqlite|postgres)/|\.(svg|png|jpe?g|gif|ico|woff2?|ttf|eot|pdf|ogg|webm|mp[34])$"),
    ("fixture", r"(^|/)(fixtures?|snapshots?|__snapshots__|testdata|test_data|expected|cassettes)/|\.(snap|expected)$|(^|/)tests?/.*\.(html|json|xml|txt|wikitext|csv|sql)$|[Kk]nown[Ff]ailures|(^|/)JSPHP-suite\.json$"),
    ("tests", r"(^|/)(tests?|spec|specs|__tests__|selenium|cypress)/|(Test|Spec)\.\w+$|[._](test|spec)\.\w+$|(^|/)test_[^/]*\.py$"),
    ("docs", r"(^|/)docs?/|\.(md|rst|txt|mediawiki|adoc)$|(^|/)(README|HISTORY|CHANGELOG|RELEASE-NOTES|COPYING|LICEN[CS]E|CREDITS|AUTHORS)[^/]*$"),
    ("configuration", r"(^|/)\.[^/]+$|\.(json|ya?ml|toml|ini|cfg|conf|erb|lock|neon)$|(^|/)(Dockerfile|Makefile|Gruntfile\.js|Rakefile|Gemfile|composer\.json|package\.json)$"),
)  # fmt: skip

REACH: tuple[tuple[str, float, str], ...] = (
    (r"mediawiki/core|mediawiki/vendor|mediawiki/skins/(Vector|MinervaNeue)|mediawiki/libs/.*", 1.0, "reach-core"),
    (r"VisualEditor/VisualEditor|oojs/ui|design/codex|css-sanitizer|mediawiki/services/parsoid|operations/mediawiki-config", 0.6, "reach-deployed"),
    (
        r"mediawiki/extensions/(AbuseFilter|Babel|BetaFeatures|CentralAuth|CentralNotice|CheckUser|CirrusSearch|Cite|CiteThisPage"
        r"|CodeEditor|CodeMirror|ConfirmEdit|DiscussionTools|Echo|EventLogging|Gadgets|GlobalBlocking|GlobalCssJs|GlobalPreferences"
        r"|GlobalUserPage|ImageMap|InputBox|JsonConfig|Kartographer|LoginNotify|MassMessage|Math|MobileFrontend|MultimediaViewer"
        r"|Nuke|OAuth|PageImages|ParserFunctions|Popups|Scribunto|SpamBlacklist|SyntaxHighlight_GeSHi|TemplateData|TemplateStyles"
        r"|Thanks|TimedMediaHandler|TitleBlacklist|TorBlock|TwoColConflict|UniversalLanguageSelector|VisualEditor|WikiEditor"
        r"|WikimediaEvents|WikimediaMessages|Wikibase)",
        0.6,
        "reach-deployed",
    ),
    (r"mediawiki/(extensions|skins|services)/.*|operations/.*|integration/.*|wikidata/.*", 0.4, "reach-some"),
    (r"pywikibot/.*|labs/.*|toolforge.*|mediawiki/(tools|gadgets|vagrant).*|apps/.*", 0.25, "reach-tool"),
)  # fmt: skip


@dataclass(frozen=True)
class Rules:
    """The rules. Weights of difficulty add up to 1, and those of impact do."""

    size: float = 0.45
    spread: float = 0.25
    review: float = 0.23
    chain: float = 0.07

    demand: float = 0.35
    reach: float = 0.25
    watchers: float = 0.20
    priority: float = 0.10
    age: float = 0.10

    lines_cap: int = 1000
    """Effective lines at which Size is 1."""
    lines_of_a_file: int = 200
    """No file of a work counts more lines than this."""
    line_weights: tuple[tuple[str, float], ...] = (
        ("code", 1.0), ("tests", 0.5), ("docs", 0.5), ("configuration", 0.5),
    )  # fmt: skip
    """What a line of each kind counts; kinds that are not here count nothing."""
    kinds: tuple[tuple[str, str], ...] = KINDS
    reaches: tuple[tuple[str, float, str], ...] = REACH

    mechanical_files: int = 30
    mechanical_median: float = 6.0
    mechanical_balance: float = 0.15
    mechanical_even_files: int = 10
    """In so many files with as many lines in as out, a change is a replacement, however long."""
    mechanical_factor: float = 0.25

    rounds_cap: int = 8
    chain_cap: int = 5
    demand_cap: int = 200
    watchers_cap: int = 100
    years_cap: float = 10.0
    priorities: tuple[tuple[str, float], ...] = (
        ("unbreak", 1.0), ("high", 0.75), ("medium", 0.5), ("low", 0.25), ("lowest", 0.1),
    )  # fmt: skip

    # What stands for a value that is not known. An absent thing is 0, not one of these.
    unknown_rounds: float = 0.10
    unknown_demand: float = 0.05
    unknown_reach: float = 0.35
    unknown_watchers: float = 0.20
    unknown_priority: float = 0.35
    unknown_age: float = 0.05

    labels: tuple[tuple[float, float], ...] = (
        (0.0, 0.05), (1.0, 0.1), (2.0, 0.25), (3.0, 0.4), (5.0, 0.55), (8.0, 0.75), (13.0, 1.0),
    )  # fmt: skip
    """Difficulty by the points that humans gave a task: that of the highest line reached."""

    tasks_of_a_change: int = 3
    umbrella_changes: int = 30
    series_days: int = 7
    backports: str = r"(wmf/|REL\d|release/|fundraising/)"
    share_of_issue: float = 0.20
    points_without_change: float = 5.0
    small_points: float = 3.0
    small_sum: float = 20.0
    small_days: int = 30


RULES = Rules()
