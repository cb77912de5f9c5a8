"""Every setting, read from the environment: README.md lists the variables."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from rmaproject import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("RMA_DATA_DIR") or BASE_DIR / ".rma-data").expanduser().absolute()

MODE = env.text("RMA_ENV", "development")
if MODE not in {"development", "production"}:
    raise ImproperlyConfigured(f"RMA_ENV must be development or production, not {MODE!r}.")
PRODUCTION = MODE == "production"
SERVING = env.flag("RMA_SERVING")
DEBUG = env.flag("RMA_DEBUG")
if DEBUG and PRODUCTION:
    raise ImproperlyConfigured("RMA_DEBUG shows secrets to visitors and is refused in production.")

SECRET_KEY = env.text("RMA_SECRET_KEY")
if not SECRET_KEY:
    if PRODUCTION:
        raise ImproperlyConfigured("Set RMA_SECRET_KEY or RMA_SECRET_KEY_FILE in production.")
    SECRET_KEY = env.development_key(DATA_DIR)
SECRET_KEY_FALLBACKS = env.words("RMA_OLD_SECRET_KEYS")
# Bank details are encrypted with the first of these; the others still open what they closed.
FIELD_KEYS = env.words("RMA_FIELD_KEYS")
if not FIELD_KEYS and not PRODUCTION:
    FIELD_KEYS = [env.development_field_key(DATA_DIR)]

# The machine itself may always ask: health checks do.
ALLOWED_HOSTS = [*env.words("RMA_ALLOWED_HOSTS"), "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = env.words("RMA_CSRF_TRUSTED_ORIGINS")
#: Where people reach the desk, for the links in mails.
PUBLIC_URL = env.text(
    "RMA_PUBLIC_URL", next(iter(CSRF_TRUSTED_ORIGINS), "http://localhost:8000")
).rstrip("/")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "django_filters",
    "guardian",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pgtrigger",
    "django_htmx",
    "oauth2_provider",
    "procrastinate.contrib.django",
    "rmaproject",
    "rmaproject.access",
    "rmaproject.events",
    "rmaproject.audit",
    "rmaproject.files",
    "rmaproject.webhooks",
    "rmaproject.jobs",
    "rmaproject.views",
    "rmaproject.presence",
    "rmaproject.notices",
    "customers",
    "stock",
    "sales",
    "returns",
]

MIDDLEWARE = [
    "returns.calendar.hiding.HideFeedSecrets",  # before anything that logs an address
    "rmaproject.shared.requestid.RequestIdMiddleware",
    "rmaproject.rest.middleware.ApiMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "rmaproject.shared.headers.ContentSecurityPolicyMiddleware",
    "rmaproject.shared.slashes.EitherSlashMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "rmaproject.web.reader.ReaderMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "rmaproject.urls"
WSGI_APPLICATION = "rmaproject.wsgi.application"
APPEND_SLASH = False  # shared.slashes answers both spellings without a redirect

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "rmaproject.web.reader.reader",
            ],
        },
    },
]

# --- database -----------------------------------------------------------------------------------
DATABASE_URL = env.text("DATABASE_URL")
DATABASE: dict[str, Any] = (
    env.database(DATABASE_URL)
    if DATABASE_URL
    else {
        "ENGINE": "rmaproject.database",  # starts the server below DATA_DIR at the first connection
        "NAME": "rma",
        "USER": "rma",
        "DATA_DIR": DATA_DIR,
        "OPTIONS": {},
    }
)
# A request must not wait for ever; a command such as migrate may take its time.
LOCK_TIMEOUT = env.number("RMA_DB_LOCK_TIMEOUT_MS", 3_000)
STATEMENT_TIMEOUT = env.number("RMA_DB_STATEMENT_TIMEOUT_MS", 30_000 if SERVING else 0)
DATABASE["OPTIONS"].setdefault(
    "options", f"-c lock_timeout={LOCK_TIMEOUT} -c statement_timeout={STATEMENT_TIMEOUT}"
)
WEB_WORKERS = env.number("RMA_WEB_WORKERS", 2)
WEB_THREADS = env.number("RMA_WEB_THREADS", 4)
if pool_size := env.number("RMA_DB_POOL", WEB_THREADS if SERVING else 0):
    DATABASE["OPTIONS"]["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": 10}
DATABASE |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False}
DATABASES = {"default": DATABASE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation"
# A link by which somebody sets a password works for so long, and once.
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]

# --- language and time --------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "rmaproject" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- static files -------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("RMA_STATIC_ROOT") or DATA_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "rmaproject.staticfiles.Storage"
        if PRODUCTION
        else "rmaproject.staticfiles.QuickStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Attachments: never served from here by a path; see rmaproject.files.
MEDIA_ROOT = Path(env.text("RMA_FILES_ROOT") or DATA_DIR / "files")
FILE_UPLOAD_PERMISSIONS = 0o600
MAX_FILE_BYTES = env.number("RMA_MAX_FILE_MB", 10) * 1024 * 1024
MAX_FILES_PER_RECORD = env.number("RMA_MAX_FILES_PER_RETURN", 50)
MAX_IMPORT_BYTES = env.number("RMA_MAX_IMPORT_MB", 60) * 1024 * 1024
MAX_IMAGE_PIXELS = env.number("RMA_MAX_IMAGE_MEGAPIXELS", 50) * 1_000_000

# --- payouts ------------------------------------------------------------------------------------
# The gateways that money goes back through, by the name that payments carry: name=dotted.path.
PAYOUT_GATEWAYS = dict(word.split("=", 1) for word in env.words("RMA_PAYOUT_GATEWAYS"))
if not PRODUCTION:
    # It moves no money, so it must never pretend to where customers wait for theirs.
    PAYOUT_GATEWAYS.setdefault("sandbox", "sales.gateways.sandbox.SandboxGateway")

# --- events and webhooks ------------------------------------------------------------------------
EVENT_DAYS = env.number("RMA_EVENT_DAYS", 90)
WEBHOOK_LOG_DAYS = env.number("RMA_WEBHOOK_LOG_DAYS", 30)
WEBHOOK_TIMEOUT = env.number("RMA_WEBHOOK_TIMEOUT", 20)
# Seconds before each further attempt: the first is made at once, the last after three days.
WEBHOOK_RETRIES = env.seconds(
    "RMA_WEBHOOK_RETRIES", "5,300,1800,7200,18000,36000,50400,72000,86400"
)
# An endpoint that is overloaded or away is left alone for so long, doubled each time.
WEBHOOK_PAUSE = timedelta(seconds=env.number("RMA_WEBHOOK_PAUSE", 5))
# Networks of one's own that may be called all the same, as 10.1.2.0/24.
WEBHOOK_ALLOW = env.networks("RMA_WEBHOOK_ALLOW")
WEBHOOK_PLAIN_HTTP = env.flag("RMA_WEBHOOK_PLAIN_HTTP", not PRODUCTION)
WORKER_THREADS = env.number("RMA_WORKER_THREADS", 8)

# --- mail: without a host it is only written to the log -------------------------------------------
EMAIL_HOST = env.text("RMA_SMTP_HOST")
EMAIL_PORT = env.number("RMA_SMTP_PORT", 587)
EMAIL_HOST_USER = env.text("RMA_SMTP_USER")
EMAIL_HOST_PASSWORD = env.text("RMA_SMTP_PASSWORD")
EMAIL_USE_TLS = env.flag("RMA_SMTP_TLS", True)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("RMA_MAIL_FROM", "returns-desk@localhost")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"

# --- security -----------------------------------------------------------------------------------
HTTPS = env.flag("RMA_HTTPS", PRODUCTION)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)/?$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
BEHIND_PROXY = env.flag("RMA_BEHIND_PROXY")
if BEHIND_PROXY:
    # Only when a proxy in front sets this header on every request: else visitors could forge it.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "rmaproject.handlers.csrf_failed"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"

# --- tokens and OAuth2 --------------------------------------------------------------------------
# Digests of tokens are keyed by the first of these; the others still know what they keyed.
# Tokens made before a pepper was set were keyed by the secret keys, so these come last.
TOKEN_PEPPERS = [*env.words("RMA_TOKEN_PEPPER"), SECRET_KEY, *SECRET_KEY_FALLBACKS]
OAUTH2_PROVIDER_APPLICATION_MODEL = "access.OAuthClient"
OAUTH2_PROVIDER_GRANT_MODEL = "access.OAuthCode"
OAUTH2_PROVIDER = {
    "OAUTH2_SERVER_CLASS": "rmaproject.access.oauth_server.Server",
    "OAUTH2_VALIDATOR_CLASS": "rmaproject.access.oauth_server.Validator",
    "SCOPES_BACKEND_CLASS": "rmaproject.access.oauth_server.Scopes",
    "ACCESS_TOKEN_GENERATOR": "rmaproject.access.oauth_server.make_access_token",
    "REFRESH_TOKEN_GENERATOR": "rmaproject.access.oauth_server.make_refresh_token",
    "ACCESS_TOKEN_EXPIRE_SECONDS": env.number("RMA_OAUTH_ACCESS_SECONDS", 3600),
    "REFRESH_TOKEN_EXPIRE_SECONDS": env.number("RMA_OAUTH_REFRESH_DAYS", 30) * 24 * 3600,
    "AUTHORIZATION_CODE_EXPIRE_SECONDS": env.number("RMA_OAUTH_CODE_SECONDS", 60),
    "CLIENT_SECRET_GENERATOR_LENGTH": 64,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],  # a client may add http on its own machine
    "PKCE_REQUIRED": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "OAUTH2_RESPONSE_TYPES_SUPPORTED": ["code"],
    "OAUTH2_GRANT_TYPES_SUPPORTED": ["authorization_code", "client_credentials", "refresh_token"],
    "OAUTH2_TOKEN_ENDPOINT_AUTH_METHODS_SUPPORTED": [
        "client_secret_basic",
        "client_secret_post",
        "none",
    ],
    **{
        f"COMPLIANT_BCP_RFC9700_{rule}": True
        for rule in """IMPLICIT_GRANT PASSWORD_GRANT PKCE_METHOD ACCESS_TOKEN_TRANSPORT
            AUTHZ_RESPONSE_ISS TOKEN_STORAGE REFRESH_TOKEN REDIRECT_URI_SCHEME
            REDIRECT_URI_MATCHING PKCE_REQUIRED""".split()
    },
}
# --- calendars ----------------------------------------------------------------------------------
# Part of every event's lasting name. It need not be a host: the desk may move, events stay.
CALENDAR_DOMAIN = env.domain("RMA_CALENDAR_DOMAIN", "returns-desk")

# --- clients of other systems -------------------------------------------------------------------
# Each is a folder that nothing else needs: without it the rest goes on.
KNOWN_ADAPTERS = sorted(
    file.parent.name for file in (BASE_DIR / "returns" / "compat").glob("*/plugging.py")
)
# Each opens doors of its own, so in production only those that are asked for.
ADAPTERS = env.words("RMA_ADAPTERS", "" if PRODUCTION else ",".join(KNOWN_ADAPTERS))
if ADAPTERS == ["none"]:
    ADAPTERS = []
if unknown := sorted(set(ADAPTERS) - set(KNOWN_ADAPTERS)):
    raise ImproperlyConfigured(f"RMA_ADAPTERS names {unknown}; there are {KNOWN_ADAPTERS}.")

# --- REST ---------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "rmaproject.rest.schema.ResourceSchema",
    "DEFAULT_RENDERER_CLASSES": ["rmaproject.rest.rendering.JsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rmaproject.rest.rendering.JsonParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rmaproject.rest.callers.TokenAuthentication",
        "rmaproject.rest.callers.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rmaproject.rest.callers.LoggedIn"],
    "DEFAULT_METADATA_CLASS": "rmaproject.rest.metadata.Methods",
    "DEFAULT_THROTTLE_CLASSES": ["rmaproject.rest.limits.Quota"],
    "EXCEPTION_HANDLER": "rmaproject.rest.problems.handle",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
# How long the answer to a request with an Idempotency-Key is kept; never less than a day.
IDEMPOTENCY_HOURS = env.number("RMA_IDEMPOTENCY_HOURS", 72)
# Calls of a token, or of a user or an address, in a period; 0 for no limit.
RATE_LIMIT = env.number("RMA_RATE_LIMIT", 600)
RATE_PERIOD = env.number("RMA_RATE_PERIOD_SECONDS", 60)
RATE_FILE = DATA_DIR / "calls.sqlite3"
# Wrong passwords for a name from one address, in a period; 0 for no limit.
LOGIN_TRIES = env.number("RMA_LOGIN_TRIES", 10)
LOGIN_PERIOD = env.number("RMA_LOGIN_PERIOD_SECONDS", 300)
SPECTACULAR_SETTINGS = {
    "TITLE": "Returns desk",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "WEBHOOKS": "rmaproject.webhooks.api.described.WEBHOOKS",
    "PREPROCESSING_HOOKS": ["rmaproject.rest.schema.name_ids"],
    # Choices stand where they are used: the same word means different sets in different places.
    "POSTPROCESSING_HOOKS": ["rmaproject.rest.examples.add_examples"],
}

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "rmaproject.shared.requestid.RequestIdFilter"}},
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"}
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["request_id"],
        }
    },
    "root": {"handlers": ["console"], "level": env.text("RMA_LOG_LEVEL", "WARNING")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "rmaproject.security": {"level": "INFO"},
        # At DEBUG these would write codes and tokens.
        "oauthlib": {"level": "INFO"},
        "oauth2_provider": {"level": "INFO"},
    },
}
