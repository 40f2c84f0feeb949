"""What is held for connections, added up."""

from alterlab_server.web.held import HeldBytes

MEBIBYTE = 1_048_576


class Upload:
    """A connection whose body comes in pieces; `asked` is how often its size was."""

    def __init__(self) -> None:
        self.held = self.asked = 0
        self.dropped = False

    def size(self) -> int:
        self.asked += 1
        return self.held

    def drop(self) -> None:
        self.dropped = True


def test_a_piece_of_one_body_asks_nothing_of_the_others() -> None:
    held, uploads = HeldBytes(1_000 * MEBIBYTE), [Upload() for _ in range(100)]
    for _ in range(10):
        for upload in uploads:
            upload.held += MEBIBYTE
            held.add(upload, "address", upload.size)
    assert [upload.asked for upload in uploads] == [10] * 100
    assert held.by_owner().total() == 1_000 * MEBIBYTE


def test_what_has_left_since_it_was_counted_makes_room() -> None:
    held, read, new = HeldBytes(2 * MEBIBYTE), Upload(), Upload()
    read.held = new.held = 2 * MEBIBYTE
    held.add(read, "reader", read.size)
    read.held = 0
    held.add(new, "other", new.size)
    assert not read.dropped
    assert not new.dropped


def test_a_connection_that_is_alone_is_not_dropped() -> None:
    held, alone = HeldBytes(MEBIBYTE), Upload()
    alone.held = 2 * MEBIBYTE
    held.add(alone, "address", alone.size)
    assert not alone.dropped


def test_the_greediest_loses_what_began_first_until_there_is_room() -> None:
    held, uploads = HeldBytes(10 * MEBIBYTE), [Upload() for _ in range(6)]
    owners = ("slow", "greedy", "greedy", "greedy", "greedy", "other")
    for upload, owner in zip(uploads, owners, strict=True):
        upload.held = 2 * MEBIBYTE
        held.add(upload, owner, upload.size)
    assert [upload.dropped for upload in uploads] == [False, True, False, False, False, False]
    held.remove(uploads[1])
    assert held.by_owner() == {"slow": 2 * MEBIBYTE, "greedy": 6 * MEBIBYTE, "other": 2 * MEBIBYTE}
