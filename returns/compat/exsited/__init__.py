"""Exsited's return merchandise authorisations, spoken to that system's clients."""
