"""What a text says: its numbers, periods and names, where each quote stands, and whether typed
cells agree with the words.
"""
