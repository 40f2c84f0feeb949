import random

import pytest

from alterlab_server.extract.body.hashes import word_hash
from alterlab_server.extract.body.names import MAX_LENGTH, NameWords, name_words

RANDOM = random.Random(7)
ODD = ["".join(RANDOM.choices("abzABZ-_ 9é\0", k=RANDOM.randrange(40))) for _ in range(500)]


def hashes(names: str) -> list[int]:
    words = NameWords()
    words.read(names)
    return [words.hashes[i] for i in range(words.count)]


def test_the_words_of_names_are_told_apart_by_their_case() -> None:
    assert name_words("postBody main-nav Main x HTMLBox") == ("post", "body", "main", "nav", "htmlb", "ox")


@pytest.mark.parametrize(
    "names", ["", "a", "A", "aB", "AAb", "navNav NAV", "x" * MAX_LENGTH, "Ab" * (MAX_LENGTH // 2), *ODD]
)
def test_hashed_words_are_those_that_are_made(names: str) -> None:
    assert hashes(names) == [word_hash(word) for word in name_words(names)]


def test_a_word_is_known_by_its_place_too() -> None:
    words = NameWords()
    words.read("9 postBody-post")
    spans = [(words.starts[i], words.ends[i]) for i in range(words.count)]
    assert spans == [(2, 6), (6, 10)]
    assert bytes(list(words.letters[2:10])) == b"postbody"


def test_no_more_than_the_longest_names_are_read() -> None:
    assert hashes("ab " * 200) == hashes("ab")
    distinct = "".join(f"{first}{second}" for first in "ABCDEFGHIJKLM" for second in "abcdefghijklmnop")
    assert len(hashes(distinct)) == MAX_LENGTH // 2
