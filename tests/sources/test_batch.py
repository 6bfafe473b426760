from sources.batch import batches


def test_nothing_gives_no_batch():
    assert list(batches([], 3)) == []


def test_every_item_comes_once_and_in_order():
    assert list(batches(range(7), 3)) == [[0, 1, 2], [3, 4, 5], [6]]
