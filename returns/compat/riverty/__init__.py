"""Riverty's return orders, spoken to that system's clients."""
