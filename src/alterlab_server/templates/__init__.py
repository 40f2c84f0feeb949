"""Extraction templates: the schemas that come with the server, and those that an organization has saved."""
