from alterlab_server.webhooks.schemas import WebhookCreate


def test_an_event_that_is_named_twice_is_one() -> None:
    asked = WebhookCreate(name="a", url="https://a.test/", events=["job.*", "batch.completed", "job.*"])
    assert asked.events == ["job.*", "batch.completed"]


def test_a_name_is_kept_without_the_space_around_it() -> None:
    assert WebhookCreate(name=" Orders ", url="https://a.test/", events=["*"]).name == "Orders"
