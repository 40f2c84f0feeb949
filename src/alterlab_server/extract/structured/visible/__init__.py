"""What a reader of the page sees: labels with their values, prices, lists under headings."""
