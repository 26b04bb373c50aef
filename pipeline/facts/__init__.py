"""From typed rows to facts: observations, events, statements, and the tables they refer to."""
