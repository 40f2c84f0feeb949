import base64

import pytest
from standardwebhooks.webhooks import Webhook
from tests.support.receiver import Received

from alterlab_server.base.clock import utc_now
from alterlab_server.webhooks.signing import new_secret, signature_headers

BODY = '{"event":"job.completed","title":"Grüße"}'.encode()


def test_a_public_library_verifies_what_a_fresh_secret_signs() -> None:
    secret = new_secret()
    headers = signature_headers(secret, "msg_1", int(utc_now().timestamp()), BODY)
    received = Received("/", {name.lower(): value for name, value in headers.items()}, BODY)
    assert received.verified(secret)["title"] == "Grüße"


def test_the_plain_signature_is_over_the_body_alone() -> None:
    headers = signature_headers("s", "msg_1", 1, b"{}")
    later = signature_headers("s", "msg_2", 2, b"{}")
    # printf '{}' | openssl dgst -sha256 -hmac s
    expected = "sha256=143ca8d517ba1b181025d732b1cf275d90104fca57bb02a565542978aa18c4b6"
    assert headers["X-AlterLab-Signature"] == later["X-AlterLab-Signature"] == expected
    assert headers["X-Webhook-Signature"] != later["X-Webhook-Signature"]


@pytest.mark.parametrize("secret", [None, ""])
def test_without_a_secret_nothing_is_signed(secret: str | None) -> None:
    assert signature_headers(secret, "msg_1", 1, BODY) == {"webhook-id": "msg_1", "webhook-timestamp": "1"}


def test_a_secret_of_the_callers_that_is_no_base64_gives_no_standard_signature() -> None:
    headers = signature_headers("whsec_my signing secret", "msg_1", 1, BODY)
    assert "webhook-signature" not in headers
    assert headers["X-AlterLab-Signature"].startswith("sha256=")


def test_secrets_differ_and_are_strong() -> None:
    first, second = new_secret(), new_secret()
    assert first != second
    assert len(base64.b64decode(first.removeprefix("whsec_"), validate=True)) >= 32
    assert Webhook(first)
