"""The files for Toolforge, as far as they can be tried without it.

What a jobs file may hold is written down here from the parser of Toolforge's own command line
(toolforge-jobs-cli 16.2.3) and its documentation; that program is no dependency of the tests.
"""

import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from configparser import ConfigParser
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest
import yaml

from bot.options import parser
from bot.settings import PREFIX, Settings, load_settings
from sources.redaction import secrets_of
from tests.sources.server import Server, as_json

HERE = Path(__file__).parents[1]
JOBS = ("jobs.yaml", "jobs-serve.yaml")
KEYS = {
    "name", "command", "image", "schedule", "continuous", "wait", "retry", "timeout", "mem", "cpu",
    "emails", "mount", "filelog", "no-filelog", "filelog-stdout", "filelog-stderr",
    "health-check-script", "health-check-http", "port", "replicas", "publish", "webservice",
}  # fmt: skip
FIELDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


def jobs(file):
    return {job["name"]: job for job in yaml.safe_load((HERE / file).read_text("utf-8"))}


def procfile():
    lines = (HERE / "Procfile").read_text("utf-8").splitlines()
    return dict(re.fullmatch(r"([a-z][a-z0-9-]*): (\S.*)", line).groups() for line in lines)


def understood(words):
    """What the bot's own command line makes of *words*; it ends the test where it knows them not."""
    return parser(defaultdict(str)).parse_args(words)


def minutes(schedule):
    """The (weekday, hour, minute) of a week at which a schedule is due."""
    fields = [numbers(*one) for one in zip(schedule.split(), FIELDS, strict=True)]
    days = {day % 7 for day in fields[4]}
    return {(d, h, m) for d in days for h in fields[1] for m in fields[0]}


def numbers(field, bounds):
    least, most = bounds
    if field == "*":
        return set(range(least, most + 1))
    found = set()
    for part in field.split(","):
        first, _, last = part.partition("-")
        found |= set(range(int(first), int(last or first) + 1))
    assert found <= set(range(least, most + 1)), field
    return found


@pytest.mark.parametrize("file", JOBS)
def test_every_job_is_one_that_toolforge_takes(file):
    written = yaml.safe_load((HERE / file).read_text("utf-8"))

    assert len({job["name"] for job in written}) == len(written)
    for job in written:
        assert job.keys() <= KEYS
        assert {"name", "command", "image"} <= job.keys()
        assert re.fullmatch(r"[a-z0-9]([-a-z0-9]{0,50}[a-z0-9])?", job["name"])
        assert re.fullmatch(r"tool-([a-z0-9-]+)/tool-\1:latest", job["image"])
        kinds = [key for key in ("schedule", "continuous", "webservice") if key in job]
        assert len(kinds) <= 1
        assert job.get("continuous", True) is True
        assert ("timeout" in job) <= ("schedule" in job)
        assert job.keys().isdisjoint({"filelog", "filelog-stdout"}) or job["mount"] == "all"
        for key in ("health-check-script", "replicas"):
            assert (key in job) == ("continuous" in job)
        assert job.get("replicas", 1) == 1
        assert job.get("emails", "none") in ("none", "all", "onfinish", "onfailure")
        assert re.fullmatch(r"\d+(Mi|Gi)", job["mem"])
        assert 0 < float(job["cpu"]) <= 1
        for key in ("wait", "timeout"):
            assert isinstance(job.get(key, 1), int)


@pytest.mark.parametrize("file", JOBS)
def test_no_waited_job_stands_before_one_that_is_to_stay(file):
    # `load` creates a job that runs once, waits for it, and ends where it fails: nothing after it is loaded.
    assert all("schedule" in job or "continuous" in job for job in jobs(file).values())
    assert not any("wait" in job for job in jobs(file).values())


@pytest.mark.parametrize("file", JOBS)
def test_every_job_calls_a_command_that_there_is(file):
    entries = procfile()

    for job in jobs(file).values():
        asked = [entries[job["command"]], *filter(None, [job.get("health-check-script")])]
        for command in asked:
            program, script, *words = command.split()
            assert (program, script) == ("python", "scripts/toolforge")
            understood(words)


def test_every_entry_of_the_procfile_is_a_command_of_the_bot():
    for name, command in procfile().items():
        assert name != "web"  # It would be served to browsers.
        understood(command.split()[2:])


def test_no_two_scheduled_rounds_are_due_in_the_same_hour_and_every_hour_has_one():
    scheduled = {
        name: job["schedule"] for name, job in jobs("jobs.yaml").items() if "schedule" in job
    }
    hours = [(day, hour) for one in scheduled.values() for day, hour, _ in minutes(one)]

    assert set(scheduled) == {"hourly", "daily", "weekly"}
    assert sorted(hours) == [(day, hour) for day in range(7) for hour in range(24)]
    assert {day for day, *_ in minutes(scheduled["weekly"])} == {1}  # Mondays
    assert len(minutes(scheduled["daily"])) == 6


def test_the_schedules_are_those_of_serve():
    from bot.schedule import HOUR, MINUTE

    scheduled = jobs("jobs.yaml")
    assert minutes(scheduled["weekly"]["schedule"]) == {(1, HOUR, MINUTE)}
    assert {at[1:] for at in minutes(scheduled["daily"]["schedule"])} == {(HOUR, MINUTE)}
    assert {at[2] for at in minutes(scheduled["hourly"]["schedule"])} == {MINUTE}


def test_a_full_budget_of_edits_fits_into_every_round():
    for job in jobs("jobs.yaml").values():
        assert job.get("timeout", 10**6) > 2 * Settings().edit_budget * 10


def test_the_version_of_python_is_one_that_the_project_takes():
    setup = ConfigParser()
    setup.read(HERE / "setup.cfg")
    least = setup["options"]["python_requires"].removeprefix(">=")
    pinned = (HERE / ".python-version").read_text("utf-8").strip()

    assert re.fullmatch(r"3\.\d+", pinned)
    assert [int(n) for n in pinned.split(".")] >= [int(n) for n in least.split(".")]
    # The tests must have seen the version that is pinned.
    assert [int(n) for n in pinned.split(".")] <= list(sys.version_info[:2])


# scripts/toolforge


@pytest.fixture
def starter(monkeypatch):
    """scripts/toolforge as a module, and what it would become."""
    path = str(HERE / "scripts" / "toolforge")
    loader = SourceFileLoader("toolforge_starter", path)
    module = module_from_spec(spec_from_loader(loader.name, loader))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader.exec_module(module)
    became = []
    monkeypatch.setattr(os, "execve", lambda *call: became.append(call))
    monkeypatch.setattr(os, "chdir", lambda folder: became.append(folder))
    for name in [name for name in os.environ if name.startswith((PREFIX, "TOOL_", "PYWIKIBOT_"))]:
        monkeypatch.delenv(name)
    return module, became


def test_the_ledger_is_the_one_of_toolsdb_whatever_the_password(starter, monkeypatch, tmp_path):
    module, became = starter
    monkeypatch.setattr(sys, "argv", ["scripts/toolforge", "run", "--hourly"])
    monkeypatch.setattr(module.tempfile, "mkdtemp", lambda prefix: str(tmp_path))
    monkeypatch.setenv("TOOL_TOOLSDB_USER", "s12345")
    monkeypatch.setenv("TOOL_TOOLSDB_PASSWORD", "p@ss/w:rd%?")

    module.main()

    folder, (program, arguments, environ) = became
    assert folder == HERE
    assert (program, arguments[1:]) == (sys.executable, ["-m", "bot", "run", "--hourly"])
    assert "ss/w" not in " ".join(arguments)
    from bot.ledger.engine import make_url

    url = make_url(load_settings(environ).database_url)
    assert (url.username, url.password) == ("s12345", "p@ss/w:rd%?")
    assert (url.host, url.database) == ("tools.db.svc.wikimedia.cloud", "s12345__badges")
    made = Path(environ["PYWIKIBOT_DIR"]) / "user-config.py"
    assert made.read_bytes() == (HERE / "user-config.py.sample").read_bytes()
    assert made.stat().st_mode & 0o777 == 0o600


def test_without_a_ledger_that_stays_nothing_is_started(starter, capsys):
    module, became = starter

    assert module.main() == 2
    assert became == []
    assert "TOOL_TOOLSDB_USER" in capsys.readouterr().err


def test_what_the_operator_sets_goes_before(starter, monkeypatch, tmp_path):
    module, became = starter
    monkeypatch.setenv("BADGES_DATABASE_URL", "mysql+pymysql://u:p@elsewhere/ledger")
    monkeypatch.setenv("TOOL_TOOLSDB_USER", "s12345")
    monkeypatch.setenv("TOOL_TOOLSDB_PASSWORD", "p")
    monkeypatch.setenv("PYWIKIBOT_DIR", str(tmp_path))

    module.main()

    environ = became[1][2]
    assert environ["BADGES_DATABASE_URL"] == "mysql+pymysql://u:p@elsewhere/ledger"
    assert environ["PYWIKIBOT_DIR"] == str(tmp_path)


def test_a_health_check_leaves_nothing_behind(tmp_path):
    environ = {
        "BADGES_DATABASE_URL": f"sqlite:///{tmp_path / 'ledger.sqlite'}",
        "TMPDIR": str(tmp_path),
    }
    command = [sys.executable, HERE / "scripts" / "toolforge", "status", "--health"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (1, "")
    assert "No round has succeeded yet" in done.stderr
    assert {path.name.partition(".")[0] for path in tmp_path.iterdir()} <= {"ledger"}


# user-config.py.sample

FOUR = ("WIKI_CONSUMER_TOKEN", "WIKI_CONSUMER_SECRET", "WIKI_ACCESS_TOKEN", "WIKI_ACCESS_SECRET")

ASK = """
import json, pywikibot
from pywikibot import config
from pywikibot.comms import http
family, code = config.family, config.mylang
said = {
    "family": family, "code": code, "account": config.usernames[family][code],
    "password_file": config.password_file,
    "throttle": config.put_throttle, "captcha": config.solve_captcha,
}
if family == "proving":
    http.fetch(config.family_files[family])
print(json.dumps(said))
"""


def configured(folder, **environ):
    """What pywikibot makes of the sample under these variables, and what it said to stderr."""
    (folder / "user-config.py").write_bytes((HERE / "user-config.py.sample").read_bytes())
    (folder / "user-config.py").chmod(0o600)
    (folder / "user-password.py").write_text("('BadgeBot', BotPassword('badges', 'x'))\n")
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=folder, env={**kept, "PYWIKIBOT_DIR": str(folder), **environ},
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    said = json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else None
    return said, done.stderr


@pytest.fixture
def heard():
    server = Server(lambda request: as_json({"query": {}}))
    yield server
    server.close()


def test_the_sample_as_it_is_stands_for_meta_with_a_bot_password(tmp_path):
    said, errors = configured(tmp_path)

    assert said == {
        "family": "meta", "code": "meta", "account": "BadgeBot",
        "password_file": "user-password.py", "throttle": 10, "captcha": False,
    }  # fmt: skip
    assert errors == ""


def test_on_toolforge_the_sample_takes_everything_from_the_environment(tmp_path, heard):
    said, errors = configured(
        tmp_path,
        WIKI_FAMILY="proving",
        WIKI_API=f"{heard.url}/w/api.php",
        WIKI_HOST=heard.url.removeprefix("http://"),
        WIKI_ACCOUNT="Thanks Bot",
        WIKI_CONSUMER_TOKEN="consumer-token",
        WIKI_CONSUMER_SECRET="consumer-secret",
        WIKI_ACCESS_TOKEN="access-token",
        WIKI_ACCESS_SECRET="access-secret",
        WIKI_SECONDS="5",
    )

    assert errors == ""
    assert (said["family"], said["code"], said["account"]) == ("proving", "proving", "Thanks Bot")
    assert said["password_file"] is None
    assert said["throttle"] == 5
    (request,) = heard.requests
    signed = request.headers["Authorization"]
    assert signed.startswith("OAuth ")
    assert 'oauth_consumer_key="consumer-token"' in signed
    assert 'oauth_token="access-token"' in signed
    assert "secret" not in signed


def test_tokens_go_to_the_wiki_that_they_are_for_and_nowhere_else(tmp_path, heard):
    configured(
        tmp_path,
        WIKI_FAMILY="proving",
        WIKI_API=f"{heard.url}/w/api.php",
        **dict.fromkeys(FOUR, "something"),
    )

    (request,) = heard.requests
    assert "Authorization" not in request.headers


def test_half_of_an_oauth_login_is_an_error_that_does_not_quote_it(tmp_path):
    _, errors = configured(tmp_path, WIKI_CONSUMER_TOKEN="s3cr3t", WIKI_ACCESS_TOKEN="s3cr3t")

    assert "WIKI_ACCESS_SECRET, or none of them" in errors
    assert "s3cr3t" not in errors


def test_the_names_of_the_login_are_such_that_nothing_of_it_is_ever_said():
    given = {name: f"value-of-{name.lower()}" for name in FOUR}

    assert set(secrets_of(given)) == set(given.values())


def test_the_runbook_names_every_variable_that_is_read():
    text = (HERE / "docs" / "runbook.md").read_text("utf-8")
    sample = (HERE / "user-config.py.sample").read_text("utf-8")
    starter = (HERE / "scripts" / "toolforge").read_text("utf-8")

    for name in set(re.findall(r"\bWIKI_[A-Z_]+|TOOL_[A-Z_]+", sample + starter)):
        assert name.removesuffix("_") in text, name
