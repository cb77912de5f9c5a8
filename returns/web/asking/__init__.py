"""A new return: what can come back, what is chosen, what it would give."""
