"""The files that describe a release to catalogues, tools and people; each derived from the schemas,
code lists and sources.
"""
