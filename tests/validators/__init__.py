"""Programs that run other projects' validators over a release, each in an environment of its own;
test_metadata calls them.
"""
