"""AlterLab: an open, self-hosted web-scraping service."""
