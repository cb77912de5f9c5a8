"""Lists of returns: what they show, find, do with many rows, and print."""
