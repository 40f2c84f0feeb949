"""The elements that a flow knows."""

from alterlab_server.extract.body import blocks

BLOCKS = blocks.BLOCK_TAGS
SKIPPED = blocks.SKIPPED | {"noscript"}
BLOCK_SELECTOR = ",".join(sorted(BLOCKS))
