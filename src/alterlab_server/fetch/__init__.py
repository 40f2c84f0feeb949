"""Fetching: egress gate, tiers, judge, climb. Knows no database and no web framework."""
