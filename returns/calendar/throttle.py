"""How often one feed may be fetched: counted by feed, not by address, in each server process.

Google and Microsoft fetch for all their users from few addresses.
"""

from __future__ import annotations

import time
from collections import Counter
from threading import Lock
from typing import Final

FETCHES_A_MINUTE: Final = 60
MINUTE: Final = 60


class Minutes:
    """Counts what happens in the running minute and forgets the one before."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._minute = 0
        self._counts: Counter[int] = Counter()
        self._lock = Lock()

    def wait_for(self, key: int) -> int:
        """Counts one more; the seconds to wait when that is too many, else 0."""
        now = time.time()
        minute = int(now // MINUTE)
        with self._lock:
            if minute != self._minute:
                self._minute = minute
                self._counts.clear()
            self._counts[key] += 1
            too_many = self._counts[key] > self.most
        return max(1, MINUTE - int(now % MINUTE)) if too_many else 0


FETCHES: Final = Minutes(FETCHES_A_MINUTE)
