"""CAPTCHA widgets: found in a page, solved by an outside service, answered in the page."""
