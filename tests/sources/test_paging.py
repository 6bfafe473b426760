import pytest

from sources.paging import MOST_PAGES, PATIENCE, Progress
from sources.port import SourceChanged


def test_a_place_where_we_have_been_is_a_circle():
    progress = Progress("Source")
    progress.step([1], "a")

    with pytest.raises(SourceChanged, match=r"^Source .*repeats the same rows.*\.$"):
        progress.step([2], "a")


def test_a_list_that_grows_may_repeat_itself_for_a_while():
    progress = Progress("Source")
    for page in range(PATIENCE):
        progress.step([1, 2], f"{page}")
    progress.step([3], "news")
    progress.step([], "none")


def test_a_list_without_any_news_ends():
    progress = Progress("Source")

    for page in range(PATIENCE + 1):
        progress.step([1], f"{page}")

    with pytest.raises(SourceChanged):
        progress.step([1], "one too many")


def test_a_list_that_brings_news_for_ever_ends():
    progress = Progress("Source")
    for page in range(MOST_PAGES):
        progress.step([page], f"{page}")

    with pytest.raises(SourceChanged, match=r"^Source has a list without an end.*\.$"):
        progress.step(["more"], "one too many")
