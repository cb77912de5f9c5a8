"""At the dock: the door, the count, receipts by form, labels and slips."""
