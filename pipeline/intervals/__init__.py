"""Intervals: from a printed number to the bounds of the true one, and from a period to the days
that bound it.
"""
