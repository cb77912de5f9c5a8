"""Zoho Inventory's sales returns, spoken to that system's clients."""
