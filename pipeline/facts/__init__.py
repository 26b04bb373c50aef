"""From typed rows to facts: periods, words and their place in the text, numerals, bounds."""
