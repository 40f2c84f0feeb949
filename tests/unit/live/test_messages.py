from uuid import UUID

import pytest

from alterlab_server.live.messages import BadMessage, Command, read_command

JOB = UUID("550e8400-e29b-41d4-a716-446655440000")


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ('{"action":"ping"}', Command("ping")),
        (f'{{"action":"subscribe","job_id":"{JOB}"}}', Command("subscribe", JOB)),
        (f'{{"action":"unsubscribe","job_id":"{JOB}","extra":1}}', Command("unsubscribe", JOB)),
    ],
)
def test_reads_what_a_client_asks(text: str, command: Command) -> None:
    assert read_command(text) == command


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json",
        "[]",
        "7",
        "{}",
        '{"action":"explode"}',
        '{"action":["ping"]}',
        '{"action":"subscribe"}',
        '{"action":"subscribe","job_id":7}',
    ],
)
def test_says_what_is_wrong_with_anything_else(text: str) -> None:
    with pytest.raises(BadMessage, match=r"message|needs"):
        read_command(text)
