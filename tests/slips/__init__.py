"""Slips planted one at a time in copies of a raw folder, to measure how many of each kind the checks catch."""
