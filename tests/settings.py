"""The program's settings on a throw-away database, which the first test that needs it starts.

xdist's workers inherit the folder by the environment, and so share one server.
"""

from __future__ import annotations

import os

from tests.throwaway import make_test_folder

if "RMA_TEST_FOLDER" not in os.environ:
    os.environ["RMA_TEST_FOLDER"] = make_test_folder()
    os.environ["RMA_DATA_DIR"] = os.environ["RMA_TEST_FOLDER"]
for name in ("DATABASE_URL", "RMA_ENV", "RMA_DEBUG", "RMA_SERVING", "RMA_ADMIN_PASSWORD"):
    os.environ.pop(name, None)
if address := os.environ.get("RMA_TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = address

from rmaproject.settings import *  # noqa: E402

if not DATABASE_URL:
    # A superuser, because emptying append-only tables between tests needs one.
    DATABASES["default"] |= {"USER": "postgres", "DURABLE": False}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT = BASE_DIR / "static"  # nothing is collected for tests
# Nothing is translated to it: it tests that pages run from right to left.
LANGUAGES = [*LANGUAGES, ("ar", "Arabic")]
RATE_LIMIT = 0  # tests of limits set their own
LOGIN_TRIES = 0
