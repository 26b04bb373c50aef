"""Corpora of any size, made up: facts with the words that they were read from, and errors whose
number and place are known.

A corpus is a function of its size and its seed, to the byte, on any machine. Everything that it
states is drawn from one made-up world, so that it holds no contradiction but those that are
planted. `python -m tests.benchmarks.corpus` writes one as a folder raw/; `validated` gives the
tables that the rules need, without a text, for sizes at which the text is not the point.
"""
