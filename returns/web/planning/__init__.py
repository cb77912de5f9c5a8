"""Returns over time: the calendar, the board, and the feeds that calendars read."""
