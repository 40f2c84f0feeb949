import asyncio
from collections.abc import Callable
from ipaddress import ip_network

import pytest
from tests.support.waiting import PATIENCE

from alterlab_server.fetch.egress import Gate


@pytest.fixture
def gate() -> Gate:
    """A gate that also lets the site through, and nothing else of this machine's networks."""
    return Gate([ip_network("127.0.0.1/32")])


@pytest.fixture
def soon() -> Callable[..., float]:
    """A deadline on the loop's clock, so many seconds from now."""

    def deadline(seconds: float = PATIENCE) -> float:
        return asyncio.get_running_loop().time() + seconds

    return deadline
