"""Read what was typed: CSV and TOML files of raw/, checked against their schemas, every defect with
its line.
"""
