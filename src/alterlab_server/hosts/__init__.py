"""When each host may be asked: one budget for all crawls, maps and batches, on whatever worker they run."""
