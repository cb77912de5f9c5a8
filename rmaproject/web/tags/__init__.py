"""What templates need to show, by topic; the template library `desk` has all of it."""
