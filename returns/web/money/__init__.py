"""What returns give and cost: credits to book, refunds, the cost book."""
