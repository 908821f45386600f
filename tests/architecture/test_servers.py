"""The run is on what it claims to be on, and away from the installation's own data."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection


@pytest.mark.django_db
def test_the_database_is_the_one_this_run_claims():
    assert connection.vendor == os.environ["TEST_DATABASE"]


def test_the_broker_belongs_to_the_database():
    expected = {"sqlite": "filesystem", "postgresql": "redis"}[os.environ["TEST_DATABASE"]]

    assert settings.CELERY_BROKER_URL.partition(":")[0] == expected


def test_tests_keep_their_data_in_a_temporary_folder():
    data = Path(settings.DATA_DIR)

    assert data.is_relative_to(os.environ["TEST_FOLDER"])
    assert not data.is_relative_to(settings.BASE_DIR)


def test_redis_answers_and_is_empty(redis_url):
    import redis

    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("a", "1")
        assert client.get("a") == b"1"
