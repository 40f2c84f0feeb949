from alterlab_server.extract.body.hashes import HashTable, pair_hash, word_hash


def test_the_hash_is_the_one_that_is_published() -> None:
    # From the test vectors of FNV-1a, 64 bits.
    assert word_hash("") == 0xCBF29CE484222325
    assert word_hash("foobar") == 0x85944171F73967E8


def test_two_words_have_a_hash_by_their_order() -> None:
    you, are = word_hash("you"), word_hash("are")
    assert len({pair_hash(you, are), pair_hash(are, you), pair_hash(are, are), you, are}) == 5


def test_a_table_knows_its_words_and_no_others() -> None:
    words = [f"word{number}" for number in range(1000)]
    table = HashTable({word_hash(word): [number, -number] for number, word in enumerate(words, start=1)})
    assert [table.weight(word_hash(word), 1) for word in words] == [-number for number in range(1, 1001)]
    assert not any(table.weight(word_hash(f"other{number}"), 0) for number in range(1000))
    assert HashTable({}).weight(word_hash("any"), 0) == 0.0


def test_what_is_not_known_has_no_place() -> None:
    table = HashTable({word_hash("zero"): [0.0, 2.0]})
    assert table.find(word_hash("other")) == -1
    assert table.at(table.find(word_hash("zero")), 1) == 2.0
