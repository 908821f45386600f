import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from accounts.idempotency import once
from accounts.models import IdempotencyKey, LoginAttempt, User


def write():
    """Something that would show if it were done twice."""
    row = LoginAttempt.objects.create(account="a", address="203.0.113.7")
    return f"/da-luu/{row.pk}/"


@pytest.fixture
def send(rf, lan):
    def send(key, write=write, user=lan, path="/luu/", **fields):
        request = rf.post(path, {"form_key": str(key), "csrfmiddlewaretoken": uuid.uuid4().hex, **fields})
        request.user = user
        return once(request, write)

    return send


def test_twenty_repeats_write_once_and_lead_to_the_same_place(send):
    key = uuid.uuid4()

    answers = [send(key, name="Lan") for _ in range(20)]

    assert LoginAttempt.objects.count() == 1
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {
        (302, f"/da-luu/{LoginAttempt.objects.get().pk}/")
    }


@pytest.mark.django_db(transaction=True)
def test_twenty_repeats_at_the_same_moment_write_once(send):
    key, start = uuid.uuid4(), threading.Barrier(20)

    def click(_):
        start.wait()
        try:
            return send(key, name="Lan")["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        addresses = list(pool.map(click, range(20)))

    assert addresses == [f"/da-luu/{LoginAttempt.objects.get().pk}/"] * 20


def test_new_forms_write_each_time(send):
    send(uuid.uuid4(), name="Lan")
    send(uuid.uuid4(), name="Lan")

    assert LoginAttempt.objects.count() == 2


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Hoa"},
        {"name": ["Lan", "Hoa"]},
        {"name": "Lan", "path": "/luu/?to=1"},
        {"name": "Lan", "file": SimpleUploadedFile("a.txt", b"a")},
    ],
)
def test_the_same_key_with_another_content_is_refused(send, change):
    key = uuid.uuid4()
    send(key, name="Lan")

    assert send(key, **change).status_code == 409
    assert LoginAttempt.objects.count() == 1


def test_the_key_of_somebody_else_leads_nowhere(send):
    key = uuid.uuid4()
    send(key, name="Lan")

    answer = send(key, name="Lan", user=User.objects.create_user("nam"))

    assert answer.status_code == 409


def test_a_failed_write_leaves_no_key_and_can_be_sent_again(send):
    key = uuid.uuid4()

    def fail():
        write()
        raise ValueError("đã đóng")

    with pytest.raises(ValueError, match="đã đóng"):
        send(key, fail)

    assert (IdempotencyKey.objects.count(), LoginAttempt.objects.count()) == (0, 0)
    assert send(key).status_code == 302


@pytest.mark.parametrize("key", ["", "abc", "\x00", "1" * 4000])
def test_a_form_without_a_key_is_a_bad_request(send, key):
    assert send(key).status_code == 400
    assert LoginAttempt.objects.count() == 0
