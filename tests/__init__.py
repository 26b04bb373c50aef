"""Tests: each name is a sentence that a user would care about."""
