from alterlab_server.frontier.globs import most_specific
from alterlab_server.frontier.priority import NEUTRAL, Priority

PRIORITY = Priority(["product"], ["/shop/*"], ["/blog/tag/*"])


def test_order_of_scores() -> None:
    hrefs = ["/shop/products/1", "/shop/about", "/products/1", "/about", "/blog/tag/x"]
    scores = [PRIORITY.score(f"http://a.test{path}") for path in hrefs]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)
    assert all(0.0 <= score <= 1.0 for score in scores)


def test_without_wishes_all_are_alike() -> None:
    assert Priority().score("http://a.test/products") == NEUTRAL


def test_longest_pattern_wins() -> None:
    assert most_specific("/blog/tag/x", ["*", "/blog/*", "/blog/tag/*"]) == "/blog/tag/*"
    assert most_specific("/x", ["/blog/*"]) is None
