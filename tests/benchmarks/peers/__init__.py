"""Other projects' tools, each in a program with its own pins and environment; the benchmarks run
them (peer).
"""
