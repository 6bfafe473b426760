import pytest

from sources.http import Client
from tests.sources.server import Answer, Server, in_turn


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def serve():
    """Start a server that gives these answers in turn, or answers with this function."""
    started = []

    def start(*answers):
        reply = in_turn(*answers) if isinstance(answers[0], Answer) else answers[0]
        started.append(Server(reply))
        return started[-1]

    yield start
    for server in started:
        server.close()


@pytest.fixture
def a_client():
    """Make a client that waits for nothing."""
    made = []

    def make(source="Source", **settings):
        quick = {"pause": 0, "longest_pause": 0, "interval": 0, "retries": 1}
        agent = "DeveloperBadges/0 (https://example.org/bot)"
        made.append(Client(source, agent, **(quick | settings)))
        return made[-1]

    yield make
    for client in made:
        client.close()
