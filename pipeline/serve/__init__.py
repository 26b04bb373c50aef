"""Serve pages on 127.0.0.1: who may ask, which files are given, and how the server starts and ends.

Belongs here: what every server of ours has in common. Does not belong here: what is served, which
operate (Dagster) and enter (the curator's page) know.
"""
