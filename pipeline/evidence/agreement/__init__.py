"""Whether the words of a fact say what was typed, for all facts at once: numbers, names, dates, and
words typed as printed.

Belongs here: comparing typed cells with what stands in the text. Does not belong here: finding
anything in a text (texts, numerals, anchor), or which numeral has which role (roles).

Each function takes anchored rows (row, source_id, raw_file, raw_line, the quote and its span, and
what was typed) and returns a defect for each cell that the words contradict.
"""
