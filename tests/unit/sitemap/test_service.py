import pytest

from alterlab_server.sitemap.service import seconds_for
from alterlab_server.web.clients import client_named


@pytest.mark.parametrize(
    ("names", "seconds"),
    [
        (("", "curl/8.5"), 100),
        (("python-sdk/2.1.3", "AlterLab-Python-SDK/2.1.3"), 29),
        (("", "alterlab-node/2.0.0"), 100),
    ],
)
def test_a_map_ends_before_its_client_gives_up(names: tuple[str, str], seconds: int) -> None:
    assert seconds_for(client_named(*names)) == seconds
