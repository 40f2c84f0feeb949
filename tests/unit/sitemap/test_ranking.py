import pytest

from alterlab_server.sitemap.ranking import relevance


@pytest.mark.parametrize(
    ("search", "url", "texts", "score"),
    [
        ("pricing", "https://a.test/pricing", [], 1.0),
        ("pricing plans", "https://a.test/pricing", [], 0.5),
        ("pricing plans", "https://a.test/pricing", ["All our plans", None], 1.0),
        ("price", "https://a.test/prices", [], 0.6),
        ("price", "https://price.test/about", [], 0.0),
        ("Straße über", "https://a.test/%C3%9Cber/strasse", [], 1.0),
        ("?!", "https://a.test/", [], 0.0),
    ],
)
def test_relevance(search: str, url: str, texts: list[str | None], score: float) -> None:
    assert relevance(search, url, texts) == score
