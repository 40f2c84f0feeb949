from bench.soak import soak


async def test_no_page_is_lost_and_nothing_is_left_while_browsers_are_killed() -> None:
    result = await soak(pages=40, first=10, kill_every=15)
    assert result.lost == ()
    assert result.kills > 0
    assert result.end.processes <= result.first.processes + 2  # a browser may have one spare helper more
    assert result.left == 0
