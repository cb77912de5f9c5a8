"""Doors for clients of other returns systems: each folder translates one, and knows no rule."""
