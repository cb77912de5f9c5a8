"""What the calendars and boards of all apps share: spans of days, entries, columns, moves."""
