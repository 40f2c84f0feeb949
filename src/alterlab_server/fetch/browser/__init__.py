"""The browser: a pool of Chromium processes, the proxy that all their traffic passes, and the steps on a page."""
