"""What is set up once: codes, people and their rights, sheets, fields, numbers, webhooks."""
