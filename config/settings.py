"""Settings. What differs between installations comes from the environment (table in the README)."""

import sys
from datetime import timedelta

from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured

from config import environment, static_files
from config.environment import BASE_DIR, env

DATA_DIR = environment.data_dir()
SECRET_KEY = environment.secret_key(DATA_DIR)
DEBUG = False
if env.bool("DEBUG", default=False):
    raise ImproperlyConfigured("DEBUG shows personal data on error pages; this program has no debug mode")

PROFILE = env.str("PROFILE", default="demo")
if PROFILE not in {"demo", "production"}:
    raise ImproperlyConfigured("PROFILE must be 'demo' or 'production'")
IS_DEMO = PROFILE == "demo"

PORT = env.int("PORT", default=8000)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if IS_DEMO else [])
if not IS_DEMO and (not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS):
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts of this installation, without '*'")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    # Left to right: an app imports only what stands before it.
    "accounts",
    "cells",
    "speakers",
    "resolutions",
    "sessions.apps.SessionsConfig",
    "reports",
]

MIDDLEWARE = [
    "accounts.middleware.request_id",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "accounts.middleware.refuse_other_methods",
    "config.static_files.CompressedStaticMiddleware",
    "accounts.middleware.no_store",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cells.reach.reach_middleware",
    "accounts.middleware.note_denials",
    "accounts.middleware.session_limits",
    "accounts.middleware.LoginRequired",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.demand_second_factor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

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
                "accounts.navigation.navigation",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

DATABASES = {"default": environment.database(DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = [
    "accounts.hashers.FrugalArgon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.LengthValidator"},
    {"NAME": "accounts.passwords.GuessableValidator"},
    {"NAME": "accounts.passwords.ContextValidator"},
]

# Whom to ask for a second factor, the roles say (accounts/second_factor.py); off only where everything is invented.
SECOND_FACTOR = env.bool("SECOND_FACTOR", default=not IS_DEMO)

# Of allauth: the steps of a log-in, second factors, the list of log-ins. Users are invited, and known by name.
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_RATE_LIMITS = False  # ours count in the database, for all processes together (accounts/throttling.py)
MFA_ADAPTER = "accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Sổ Chi bộ"
MFA_TOTP_TOLERANCE = 1  # clocks of phones differ by a few seconds

INVITATION_DAYS = env.int("INVITATION_DAYS", default=7)  # for so long the link of an invitation works

LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "reports:home"
LOGOUT_REDIRECT_URL = "accounts:login"

# In the database, not in a cache: a flush must not log everybody out. Idle limits by role: accounts/idling.py.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 61 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "session" if IS_DEMO else "__Host-session"
SESSION_COOKIE_SECURE = not IS_DEMO
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "csrf" if IS_DEMO else "__Host-csrf"
CSRF_COOKIE_SECURE = not IS_DEMO
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "accounts.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# How many proxies of ours stand before us; each adds one entry to X-Forwarded-For and sets X-Forwarded-Proto anew.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = not IS_DEMO
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 0 if IS_DEMO else 2 * 365 * 24 * 60 * 60
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # HSTS for subdomains and
    "security.W021",  # the preload list: this host may not decide for its neighbours in the office's domain
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}

# Without a mail server a forgotten password takes a code on paper.
SENDS_MAIL = bool(env.str("EMAIL_URL", default=""))
if SENDS_MAIL:
    vars().update(env.email_url("EMAIL_URL"))
EMAIL_TIMEOUT = 10
QUIET_HOURS = environment.hours("QUIET_HOURS", default="21:00-07:00")  # local; no mail that reminds is sent then
SITE_ADDRESS = env.str("SITE_ADDRESS", default=environment.address(ALLOWED_HOSTS, PORT, IS_DEMO)).rstrip("/")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("MAIL_FROM", default="so-chi-bo@localhost")

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
# An upload is looked into in memory: what must not be kept has then never touched the disk.
FILE_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["cells.uploads.handling.InMemoryOnly"]
UPLOADS_A_DAY = env.int("UPLOADS_A_DAY", default=200)
SCANNER = env.str("SCANNER", default="")
X_ACCEL = env.str("X_ACCEL", default="")
# A key of our own that signs what is issued here, and whose certificates are trusted on what comes back signed.
SIGNING_KEY = env.str("SIGNING_KEY", default="")
SIGNING_SECRET_FILE = env.str("SIGNING_SECRET_FILE", default="")
SIGNING_ROOTS = env.str("SIGNING_ROOTS", default="")
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000  # a roll-call of a large cell has three for each member
DATA_UPLOAD_MAX_NUMBER_FILES = 5

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_VERSION = static_files.version(BASE_DIR / "static")
STATIC_URL = f"static/{STATIC_VERSION}/"
STATIC_ROOT = DATA_DIR / "static" / STATIC_VERSION
WHITENOISE_USE_FINDERS = False
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_IMMUTABLE_FILE_TEST = "."  # all of them: the version stands in the address

CELERY_BROKER_URL = environment.broker(DATA_DIR)["url"]
CELERY_BROKER_TRANSPORT_OPTIONS = environment.broker(DATA_DIR)["options"]
if CELERY_BROKER_URL.startswith("filesystem:"):
    CELERY_BROKER_TRANSPORT = "config.folder_broker:Transport"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False  # True loops on a job that kills its worker; the lease does this work
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "reports"
CELERY_TASK_QUEUES = {
    "reports": {},
    "imports": {},
    "light": {},
}  # a worker takes from them in turn: a sweep waits for no queue of jobs
CELERY_TASK_ROUTES = {
    "cells.tasks.scan_uploads": {"queue": "light"},
    "reports.tasks.sweep": {"queue": "light"},
    "reports.tasks.collect": {"queue": "light"},
    "reports.tasks.prepare_quarter": {"queue": "light"},
    "reports.tasks.remind": {"queue": "light"},
    "accounts.tasks.*": {"queue": "light"},
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 50
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # kB
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = environment.beat_schedule(DATA_DIR)
CELERY_BEAT_SCHEDULE = {
    "sweep-reports": {
        "task": "reports.tasks.sweep",
        "schedule": timedelta(seconds=30),
        "kwargs": {"from_beat": True},
        "options": {"expires": 30},  # without a worker they would pile up
    },
    "seal-audit": {
        "task": "accounts.tasks.seal_audit",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 30},
    },
    "apply-retention": {"task": "accounts.tasks.apply_retention", "schedule": timedelta(days=1)},
    "prepare-quarter": {
        "task": "reports.tasks.prepare_quarter",  # once a quarter; the other times it finds that it was done
        "schedule": crontab(minute=5, hour="1,7,13,19"),
        "options": {"expires": 3600},
    },
    "collect-orphans": {"task": "reports.tasks.collect", "schedule": timedelta(days=1)},
}

if SENDS_MAIL:
    CELERY_BEAT_SCHEDULE["remind"] = {
        "task": "reports.tasks.remind",
        "schedule": timedelta(minutes=5),
        "options": {"expires": 240},
    }
if SCANNER:
    CELERY_BEAT_SCHEDULE["scan-uploads"] = {
        "task": "cells.tasks.scan_uploads",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 30},
    }
IMPORTS_A_DAY = env.int("IMPORTS_A_DAY", default=30)  # by one user
IMPORT_BYTES_A_DAY = env.int("IMPORT_BYTES_A_DAY", default=200 * 1024 * 1024)
IMPORTS_AT_ONCE = 3
EXPORT_ROWS = env.int("EXPORT_ROWS", default=5000)  # of one list that is taken away
EXPORTS_AN_HOUR = env.int("EXPORTS_AN_HOUR", default=20)  # by one user, printed lists too
IMPORT_DAYS_KEPT = env.int("IMPORT_DAYS_KEPT", default=30)  # files of an import, and the way to undo it

# How long things are kept, in days; accounts/retaining.py deletes what is over, but for people: that somebody decides.
RETENTION_FORM_KEYS_DAYS = env.int("RETENTION_FORM_KEYS_DAYS", default=30)
RETENTION_LOGIN_ATTEMPTS_DAYS = env.int("RETENTION_LOGIN_ATTEMPTS_DAYS", default=1)
RETENTION_AUDIT_VALUES_DAYS = env.int("RETENTION_AUDIT_VALUES_DAYS", default=5 * 365)
RETENTION_LETTERS_DAYS = env.int("RETENTION_LETTERS_DAYS", default=400)
RETENTION_BUNDLES_DAYS = env.int("RETENTION_BUNDLES_DAYS", default=7)
RETENTION_SESSIONS_DAYS = env.int("RETENTION_SESSIONS_DAYS", default=1)
RETENTION_LEAVERS_DAYS = env.int("RETENTION_LEAVERS_DAYS", default=5 * 365)

RENDER_COMMAND = [sys.executable, "-m", "cells.papers.render"]
RENDER_SECONDS = 60  # more for long reports
RENDER_MEMORY = 1_500_000_000  # bytes of address space; about two thirds of it get used
JOIN_COMMAND = [sys.executable, "-m", "cells.papers.join"]
JOIN_MEMORY = 500_000_000  # bytes of address space, however many reports there are

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "accounts.tracing.RequestIdFilter"}},
    "formatters": {"json": {"()": "accounts.tracing.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["request_id"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # Scanners ask for hosts that are not ours all day long; they get their 400 without a traceback in the log.
    "loggers": {
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "weasyprint": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
    },
}

# An official transfer has to be completed within so many working days; a roster warns of those that are not.
TRANSFER_WORKING_DAYS = env.int("TRANSFER_WORKING_DAYS", default=60)
