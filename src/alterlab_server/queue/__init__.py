"""The queue: work enqueued in the caller's transaction, run by any worker, given out again when one dies."""

from alterlab_server.queue.queue import (
    DELIVERIES,
    ENQUEUE,
    ITEMS,
    Handler,
    Lane,
    QueueWorker,
    enqueue,
    enqueue_many,
    install,
    prune,
    waiting,
)

__all__ = [
    "DELIVERIES",
    "ENQUEUE",
    "ITEMS",
    "Handler",
    "Lane",
    "QueueWorker",
    "enqueue",
    "enqueue_many",
    "install",
    "prune",
    "waiting",
]
