"""Keys that are refused, and what a list shows of the others."""

from pathlib import Path

import pytest

from alterlab_server.accounts.keys import require_key, shown
from alterlab_server.app.settings import Settings


@pytest.mark.parametrize(
    ("key", "beginning"),
    [
        ("sk_live_" + "abcdefgh" * 4, "sk_live_abcd"),
        ("sk_live_abcdef", "sk_live_ab"),
        ("sk_test_abcd", "sk_test_a"),
    ],
)
def test_a_list_shows_too_little_of_a_key_to_guess_the_rest(key: str, beginning: str) -> None:
    require_key(key)
    assert shown(key) == beginning


@pytest.mark.parametrize("key", ["", "sk_live_", "sk_live_abc", "sk_prod_abcdefgh", "abcdefghijkl"])
def test_what_is_no_key_is_refused_before_the_server_starts(key: str) -> None:
    with pytest.raises(ValueError, match="an API key"):
        Settings.with_flags(data=Path("unused"), bootstrap_api_key=key)
