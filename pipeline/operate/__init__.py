"""Run the steps under Dagster: assets, their checks, and where tables are kept between them. Computes nothing."""
