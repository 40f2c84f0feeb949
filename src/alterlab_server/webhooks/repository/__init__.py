"""Queries on webhooks: those of accounts, who hears of what, and the deliveries."""
