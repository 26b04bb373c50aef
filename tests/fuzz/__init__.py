"""Files that a stranger could hand over, by the thousand, each made from one integer.

Belongs here: what a stranger does to raw/, to a release, to a text and to the requests of the
curator's page, and what must hold whatever that is. Run it with `python -m tests.fuzz`.
"""
