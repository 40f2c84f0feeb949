"""What several kinds of tests share: the real command as a process, accounts, and waiting for a condition."""
