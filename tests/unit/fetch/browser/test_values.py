from typing import Any

import orjson
import pytest

from alterlab_server.fetch.browser.values import TooDeepError, storable
from alterlab_server.fetch.captcha.widgets import widget_from


def nested(levels: int) -> list[Any]:
    return [nested(levels - 1)] if levels > 1 else []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a\ud800b", "a\ufffdb"),
        ("\ud83d\ude00 é", "\U0001f600 é"),
        ({"\udc00": [1, 2**53, None, True, 0.5]}, {"\ufffd": [1, 2**53, None, True, 0.5]}),
        (2**65, 2.0**65),
        (-(2**65), -(2.0**65)),
        (nested(100), nested(100)),
    ],
)
def test_what_a_script_returns_is_made_into_what_an_answer_can_hold(given: Any, kept: Any) -> None:
    assert storable(given) == kept
    assert orjson.loads(orjson.dumps(storable(given))) == kept


def test_what_is_nested_too_deeply_is_said_to_be() -> None:
    with pytest.raises(TooDeepError):
        storable(nested(101))


def test_a_captcha_names_itself_in_text_that_can_be_sent() -> None:
    widget = widget_from({"kind": "turnstile", "siteKey": "k\ud800", "action": "\udfff"}, "http://a.test/")
    assert widget is not None
    assert orjson.loads(orjson.dumps(widget.task()))["websiteKey"] == "k\ufffd"
