"""From facts and rules to one linear system over intervals, its outcomes, and the findings among them."""
