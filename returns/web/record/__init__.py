"""The page of one return and of its lines: what it says, and what can be done there."""
