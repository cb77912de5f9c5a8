"""The composition root: settings, addresses and commands that know every app."""
