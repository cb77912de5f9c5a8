"""The rules for returns as people write them: versions, rows, trials."""
