"""Run the steps up to a release: under Dagster, one asset after the other, or at once, for the
command line; computes nothing.

Belongs here: assets, their checks, and where tables are kept between them.
"""
