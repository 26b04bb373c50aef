"""The curator's page: a text, a row proposed for each passage to enter, verdicts.

Belongs here: proposing rows, writing those that a person accepts, and the page itself. Does not
belong here: what is right; that is decided by the same checks that `facts check` runs.
"""
