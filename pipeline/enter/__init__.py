"""Entering facts through the curator's page: the files of raw/ are changed row by row."""
