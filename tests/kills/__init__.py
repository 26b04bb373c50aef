"""A release that is stopped at any of its system calls, or finds the disk full there: nothing that
was published suffers, and the next run ends well.
"""
