"""What every test may ask for. Database and broker are started by the plugin in tests/servers.py."""

import os
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from hypothesis import HealthCheck
from hypothesis import settings as random_tests

from tests import emptying, migrated

# The same examples each time, so that what fails was broken by the change; `make test-slow` looks for new ones.
PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
random_tests.register_profile("same", derandomize=True, **PATIENT)
random_tests.register_profile("new", derandomize=False, **PATIENT)
random_tests.load_profile(os.environ.get("EXAMPLES", "same"))

REAL_HASHERS = settings.PASSWORD_HASHERS


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """SQLite tests use a file, as installations do: other processes can open it, and WAL is real."""
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["TEST"]["NAME"] = str(settings.DATA_DIR / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_keepdb():
    """The servers and folders go with the run, and dropping a database fails when a thread of a test still holds on."""
    return True


@pytest.fixture(scope="session")
def migrating(request, django_db_modify_db_settings):
    """Holds the other workers back until there is a migrated database to copy."""
    has_cache = hasattr(request.config, "cache")
    shelf = request.config.cache.mkdir("migrated") if has_cache else Path(os.environ["TEST_FOLDER"])
    with ExitStack() as waiting:
        waiting.enter_context(migrated.one_at_a_time())
        migrated.fetch(shelf)
        yield shelf, waiting


@pytest.fixture(scope="session")
def django_db_setup(migrating, django_db_setup, django_db_blocker):
    shelf, waiting = migrating
    with waiting, django_db_blocker.unblock():
        migrated.keep(shelf)


@pytest.fixture(scope="session", autouse=True)
def quick_emptying():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(connection.ops), "execute_sql_flush", emptying.empty)
        yield


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords():
    with override_settings(PASSWORD_HASHERS=["tests.hashers.CheapHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def many_exports():
    """A test opens more lists in a minute than a user in a day; tests/cells/test_taking_away.py keeps to the limit."""
    with override_settings(EXPORTS_AN_HOUR=10_000):
        yield


@pytest.fixture
def real_hashers(settings):
    """Passwords hashed as installations do, where that is what a test is about."""
    settings.PASSWORD_HASHERS = REAL_HASHERS


@pytest.fixture
def process_environment(transactional_db):
    """The environment with which a process of its own (a worker, a command) joins this test's database and data."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return dict(os.environ, DATABASE_URL=f"sqlite:///{name}")
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    return dict(os.environ, DATABASE_URL=f"{server}/{name}")


@pytest.fixture
def redis_url():
    """A Redis database of this test process alone, empty; also when the run itself uses the file-system broker."""
    import redis

    url = os.environ["TEST_REDIS_URL"]
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url


@pytest.fixture
def cast(db):
    """Lan, Hoa, Minh, Binh, Nam and the others, with their tree (tests/cast.py)."""
    from tests.cast import make_cast

    return make_cast()
