from alterlab_server.webhooks.schemas import WebhookCreate


def test_an_event_that_is_named_twice_is_one() -> None:
    asked = WebhookCreate(name="a", url="https://a.test/", events=["job.*", "batch.completed", "job.*"])
    assert asked.events == ["job.*", "batch.completed"]
