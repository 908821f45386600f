import pytest
from django.db import transaction
from django.test import Client

from tests.access.world import make_world, plain_words


def kept_for_a_module(make):
    """One world for all tests of a file, taken back at its end; what writes goes into `tried`."""
    with transaction.atomic():
        yield make()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        yield from kept_for_a_module(make_world)


@pytest.fixture(scope="module")
def plain_world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        yield from kept_for_a_module(lambda: make_world(plain_words))


def log_in_all(world) -> dict[str, Client]:
    clients = {}
    for name, user in world.users.items():
        clients[name] = Client(raise_request_exception=False)
        if name != "anonymous":
            clients[name].force_login(user)
    return clients


@pytest.fixture(scope="module")
def clients(world):
    return log_in_all(world)


@pytest.fixture(scope="module")
def plain_clients(plain_world):
    return log_in_all(plain_world)


@pytest.fixture(autouse=True)
def papers_without_layout(settings):
    """What would be typeset comes back as it is: quicker, and its words are looked at like those of a page."""
    settings.RENDER_COMMAND = ["cat"]
