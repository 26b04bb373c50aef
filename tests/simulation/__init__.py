"""From one integer: a folder raw/, what people and accidents do to it, and what must be true
whatever they do.

Belongs here: histories (history), the edits in them (edits), how the commands are run and stopped
(commands, system_calls), and what must hold (invariants). Does not belong here: what a single
command says of a single input.
"""

BLOCK = 50
"""So many histories begin with the same few folders raw/, and run in one process."""
