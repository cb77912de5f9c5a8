"""The settings of the tests, on the very database that a test uses: for a worker beside it."""

from __future__ import annotations

import os

from tests.settings import *

DATABASES["default"]["NAME"] = os.environ["RMA_TEST_DATABASE_NAME"]
STATIC_ROOT = DATA_DIR / "static"  # as the check of a command wants it
