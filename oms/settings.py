"""Settings, each from the environment with a default that suits `make run` on one machine.

`OMS_PRODUCTION=1` turns on what a public address needs: https only, strict cookies, hashed static files.
"""

import sys
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from celery.schedules import crontab

from oms.machine import places
from oms.machine.postgres import MAIN
from oms.machine.secret import secret_key
from oms.theme import UNFOLD  # noqa: F401  a setting

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent

PRODUCTION = env.bool("OMS_PRODUCTION", default=False)
DEBUG = env.bool("DEBUG", default=False) and not PRODUCTION
SECRET_KEY = env.str("SECRET_KEY", default="") or secret_key()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

OMS_SAMPLE_DATA = Path(env.str("OMS_SAMPLE_DATA", default=str(BASE_DIR.parent / "shared" / "data")))

# --- applications ---------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.inlines",
    "unfold.contrib.import_export",
    "oms.apps.OfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "import_export",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "pgtrigger",
    "oms.apps.OmsConfig",
    "inventory",
    "customers",
    "orders",
    "fulfillment",
]

MIDDLEWARE = [
    "oms.middleware.RefuseUnreadableAddress",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "oms.middleware.UseCompanyZone",
    "oms.middleware.SayBusy",
    "oms.middleware.ExplainMethod",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "oms.urls"
WSGI_APPLICATION = "oms.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
            ],
        },
    },
]

# --- database -------------------------------------------------------------------------------------------------------

PROCESS = env.str("OMS_PROCESS", default="worker" if Path(sys.argv[0]).name == "celery" else "command")
# Seconds. Commands run as long as an operator lets them; empty leaves a limit to the server, as PgBouncer wants it.
LIMITS = {
    "web": {"statement_timeout": 5, "lock_timeout": 2, "idle_in_transaction_session_timeout": 30},
    "worker": {"statement_timeout": 60, "lock_timeout": 2, "idle_in_transaction_session_timeout": 30},
}.get(PROCESS, {})


# What the planner is told of the disk: on one without moving parts a page anywhere costs little more than the next
# one. By PostgreSQL's own 4 it reads all products from end to end for a document of 1,000 lines.
PLANNER = {"random_page_cost": 1.1}

# Every trigger asks which triggers to leave out. Where that was never set, the question is an error that it catches,
# for each row, and catching takes the longer the more foreign keys wait to be checked: 100,000 prices took minutes.
TRIGGERS = {"pgtrigger.ignore": "{}"}


def session() -> str:
    """What a session sets, as libpq takes it; `OMS_STATEMENT_TIMEOUT=10` and its like overrule, empty leaves it out."""
    return " ".join([*_set(LIMITS, "s"), *_set(PLANNER), *_set(TRIGGERS)])


def _set(wanted: Mapping[str, float | str], unit: str = "") -> Iterator[str]:
    for name, value in wanted.items():
        if told := env.str(f"OMS_{name.upper().replace('.', '_')}", default=str(value)):
            yield f"-c {name}={told}{unit}"


def database() -> dict[str, Any]:
    """The server of `DATABASE_URL`, else our own."""
    found = env.db("DATABASE_URL", default=MAIN.url)
    options = {**found.get("OPTIONS", {}), **({"options": session()} if session() else {})}
    options["prepare_threshold"] = (
        env.int("OMS_PREPARE_THRESHOLD", default=5) or None
    )  # 0 for a pooler that keeps none
    return {
        **found,
        "OPTIONS": options,
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "ATOMIC_REQUESTS": False,
    }


DATABASES = {"default": database()}

# --- people ---------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "oms.User"
AUTHENTICATION_BACKENDS = ["oms.rights.Rights"]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": env.int("OMS_PASSWORD_LENGTH", default=15)},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

SESSION_COOKIE_NAME = "__Host-oms_session" if PRODUCTION else "oms_session"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_NAME = "__Host-oms_csrf" if PRODUCTION else "oms_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = PRODUCTION

# --- the wire -------------------------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
OMS_BEHIND_PROXY = env.bool("OMS_BEHIND_PROXY", default=False)
if OMS_BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Where customers reach us, for the links in letters; empty: letters carry none.
OMS_PUBLIC_URL = env.str(
    "OMS_PUBLIC_URL",
    default=f"https://{ALLOWED_HOSTS[0]}"
    if PRODUCTION and ALLOWED_HOSTS
    else ""
    if PRODUCTION
    else f"http://localhost:{env.str('PORT', default='8000')}",
).rstrip("/")

DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # a document of 200 lines posts 1,600

# --- text, time, files ----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
# In which customers are spoken to, by their own names. Each has a catalogue (oms/locale) of what customers read and
# its way with days and numbers (oms/formats); the office speaks LANGUAGE_CODE.
LANGUAGES = [
    ("en", "English"),
    ("de", "Deutsch"),
    ("fr", "Français"),
    ("it", "Italiano"),
    ("nl", "Nederlands"),
]
FORMAT_MODULE_PATH = "oms.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = places.var() / "static" if PRODUCTION else None
WHITENOISE_USE_FINDERS = not PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = places.var() / "media"

# --- mail -----------------------------------------------------------------------------------------------------------

vars().update(env.email("EMAIL_URL", default="smtp://localhost:25" if PRODUCTION else "consolemail://"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="OMS <oms@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- work beside the web --------------------------------------------------------------------------------------------
# The broker only wakes workers: everything due stands in the database, and the schedule sweeps it.

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://localhost")
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    {**places.broker_folders(), "store_processed": False, "polling_interval": 0.25}
    if CELERY_BROKER_URL.startswith("filesystem:")
    else {"visibility_timeout": 900, "socket_connect_timeout": 2}
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    task: {"task": task, "schedule": every, "options": {"expires": 60}}
    for task, every in {
        "orders.tasks.announce_order_events": timedelta(seconds=15),
        "orders.tasks.announce_quote_events": timedelta(seconds=15),
        "fulfillment.tasks.announce_shipment_events": timedelta(seconds=15),
        "fulfillment.tasks.track_shipments": timedelta(seconds=60),
        "orders.tasks.serve_backorders": timedelta(seconds=60),
        "orders.tasks.watch_promises": timedelta(minutes=5),
        "orders.tasks.raise_restock_alerts": timedelta(minutes=15),
        "orders.tasks.expire_quotes": crontab(minute="7"),
        "orders.tasks.end_lapsed_holds": timedelta(minutes=5),
        "orders.tasks.ask_again_about_credit": timedelta(minutes=5),
        "orders.tasks.call_off_due": crontab(minute="17"),
        "inventory.tasks.announce_restock_alerts": timedelta(seconds=60),
        "inventory.tasks.learn_delays": crontab(hour="2", minute="20"),
        "customers.tasks.remind_of_renewals": crontab(minute="*/30"),
        "oms.tasks.work_on_imports": timedelta(seconds=15),
        "oms.tasks.forget_old_answers": crontab(hour="3", minute="30"),
        "oms.tasks.forget_old_imports": crontab(hour="3", minute="40"),
        "oms.tasks.forget_old_notices": crontab(hour="3", minute="50"),
        "orders.tasks.tell_of_due_quotes": crontab(minute="27"),
    }.items()
}

OMS_NOTICES_KEPT_DAYS = env.int("OMS_NOTICES_KEPT_DAYS", default=90)  # after they were read

# --- interfaces -----------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "oms.api.authentication.BearerKey",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["oms.api.admission.Allowed"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["oms.api.parsing.StrictJSON"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "oms.api.admission.JSONAlways",
    "DEFAULT_FILTER_BACKENDS": ["oms.api.filters.ResourceFilters"],
    "DEFAULT_PAGINATION_CLASS": "oms.api.pages.Keyset",
    "DEFAULT_SCHEMA_CLASS": "oms.api.schema.Schema",
    "EXCEPTION_HANDLER": "oms.api.problems.answer_problem",
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_METADATA_CLASS": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "OMS",
    "DESCRIPTION": "Products, customers, availability, orders and their moves, shipments. See docs/api.md.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "ENUM_NAME_OVERRIDES": {
        "ProductStatus": "inventory.status.ProductStatus",
        "AgreementStatus": "customers.status.AgreementStatus",
        "CustomerStatus": "customers.status.CustomerStatus",
        "QuoteStatus": "orders.status.QuoteStatus",
        "OrderStatus": "orders.status.OrderStatus",
        "HoldKind": "orders.status.HoldKind",
        "ShipmentStatus": "fulfillment.status.ShipmentStatus",
        "TrackingStatus": "fulfillment.status.TrackingStatus",
    },
}
IMPORT_EXPORT_USE_TRANSACTIONS = True

# --- words for the operator -----------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("OMS_LOG_LEVEL", default="WARNING")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.request": {"level": "ERROR"},  # a page that is not there is the visitor's business
    },
}
