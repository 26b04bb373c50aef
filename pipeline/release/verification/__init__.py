"""What can be checked of a release with nothing but its folder, each check for itself; verify asks
all of them.
"""
