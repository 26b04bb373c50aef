"""From rules.toml and facts to one linear system, the outcome of each group by itself, listings,
findings, and their sentences.

Belongs here: what a rule means, and what one group says. Does not belong here: what groups say
together (pipeline/reason).
"""
