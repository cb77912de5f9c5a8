"""What came is judged, and goes where it belongs."""
