import stat
import subprocess
import sys

import pytest
from django.conf import settings

from oms.celery import app
from oms.machine.places import CHECKOUT
from oms.machine.secret import secret_key

SHOW = "from django.conf import settings; print(eval(__import__('sys').argv[1], {'s': settings}))"


def shown(setting: str, **environment: str) -> str:
    """What the setting is in a new process."""
    words = {"PATH": "", "DJANGO_SETTINGS_MODULE": "oms.settings", **environment}
    done = subprocess.run(
        [sys.executable, "-c", SHOW, setting],
        cwd=CHECKOUT,
        env=words,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_everything_on_the_schedule_is_a_task_there_is():
    app.loader.import_default_modules()

    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(app.tasks)


def test_work_is_acknowledged_when_it_is_done():
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.task_time_limit < app.conf.broker_transport_options.get("visibility_timeout", 900)


@pytest.mark.parametrize(
    ("process", "limit"), [("web", "statement_timeout=5s"), ("worker", "statement_timeout=60s")]
)
def test_a_statement_is_limited_where_someone_waits(var, process, limit):
    options = shown("s.DATABASES['default']['OPTIONS']['options']", OMS_VAR=str(var), OMS_PROCESS=process)

    assert limit in options
    assert "lock_timeout=2s" in options


def test_a_command_may_take_its_time_and_the_environment_may_overrule(var):
    options = shown("s.DATABASES['default']['OPTIONS']['options']", OMS_VAR=str(var))
    assert options == "-c random_page_cost=1.1 -c pgtrigger.ignore={}"

    options = shown(
        "s.DATABASES['default']['OPTIONS']['options']",
        OMS_VAR=str(var),
        OMS_PROCESS="web",
        OMS_STATEMENT_TIMEOUT="9",
        OMS_LOCK_TIMEOUT="",
        OMS_RANDOM_PAGE_COST="",
        OMS_PGTRIGGER_IGNORE="",
    )
    assert options == "-c statement_timeout=9s -c idle_in_transaction_session_timeout=30s"


def test_production_is_strict_and_never_in_debug(var):
    strict = "s.DEBUG, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.ALLOWED_HOSTS"

    assert shown(strict, OMS_VAR=str(var), OMS_PRODUCTION="1", DEBUG="1") == "(False, True, True, True, [])"
    assert shown("s.DEBUG, s.SESSION_COOKIE_SECURE", OMS_VAR=str(var)) == "(False, False)"


def test_every_page_asks_for_a_login_unless_it_says_otherwise():
    assert "django.contrib.auth.middleware.LoginRequiredMiddleware" in settings.MIDDLEWARE
    assert settings.REST_FRAMEWORK["DEFAULT_PERMISSION_CLASSES"]
    assert "AllowAny" not in str(settings.REST_FRAMEWORK["DEFAULT_PERMISSION_CLASSES"])


def test_the_key_is_made_once_and_is_for_its_owner_only(var):
    key = secret_key()

    assert len(key) >= 50
    assert secret_key() == key
    assert stat.S_IMODE((var / "secret_key").stat().st_mode) == 0o600
    assert shown("s.SECRET_KEY", OMS_VAR=str(var)) == key
    assert shown("s.SECRET_KEY", OMS_VAR=str(var), SECRET_KEY="mine") == "mine"
