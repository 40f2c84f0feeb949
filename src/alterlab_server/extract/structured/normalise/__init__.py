"""Raw values of a page into the values of an answer: text, amounts, dates, durations, ratings, availability."""
