"""Where models of the apps above find the triggers of tables that only grow."""

from __future__ import annotations

from rmaproject.shared.appendonly import append_only

__all__ = ["append_only"]
