"""What the figures of the desk look like: Today, the reports, their files."""
