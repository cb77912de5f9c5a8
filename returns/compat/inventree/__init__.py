"""InvenTree's orders, spoken to that system's clients."""
