"""What the figures of the desk are: each family in its own file, each figure with its definition.

Only reading, within the rights and the sight of whoever asks; pages, exports and API show the same.
"""
