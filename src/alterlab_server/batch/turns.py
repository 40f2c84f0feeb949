"""Which items of a batch may run at once, so that no host is asked for all of its pages at the same time."""

from collections import Counter
from collections.abc import Sequence

from alterlab_server.batch.schemas import ItemTurn
from alterlab_server.jobs.schemas import NewJob

# As many as one lane of a crawl.
AT_A_TIME = 10


def take_turns(new: Sequence[NewJob]) -> list[ItemTurn]:
    """The items of each host that has more than AT_A_TIME of them; the first AT_A_TIME are queued."""
    items = Counter(job.host for job in new)
    met: Counter[str] = Counter()
    turns = []
    for position, job in enumerate(new):
        if items[job.host] > AT_A_TIME:
            met[job.host] += 1
            turns.append(ItemTurn(job.id, job.host, position, queued=met[job.host] <= AT_A_TIME))
    return turns
