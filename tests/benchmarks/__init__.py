"""Benchmarks: programs whose output is a table of ratios from one run. No test depends on a
time.
"""
