"""The folder broker after a kill at the worst moments: nothing there may stop a worker or a request."""

import os
import shutil
import time

import pytest
from kombu import Connection, Queue

QUEUE = Queue("jobs", routing_key="jobs")


@pytest.fixture
def broker(tmp_path):
    folders = {"data_folder_in": str(tmp_path / "queue"), "data_folder_out": str(tmp_path / "queue")}
    options = folders | {"control_folder": str(tmp_path / "control")}
    with Connection(
        "filesystem://", transport="config.folder_broker:Transport", transport_options=options
    ) as connection:
        yield connection


def send(broker, *bodies):
    with broker.Producer() as producer:
        for body in bodies:
            producer.publish(body, routing_key="jobs", declare=[QUEUE])


def receive(broker) -> list:
    received = []
    with broker.SimpleQueue(QUEUE) as queue:
        while len(queue):
            message = queue.get(timeout=1)
            message.ack()
            received.append(message.payload)
    return received


def test_messages_come_in_the_order_they_went(broker, tmp_path):
    for body in ("một", "hai", "ba"):
        send(broker, body)
        time.sleep(0.002)

    assert receive(broker) == ["một", "hai", "ba"]
    assert os.listdir(tmp_path / "queue") == []


@pytest.mark.parametrize("rubbish", ["", '{"body": "WzFd', "[1, 2]", "null", '{"body": "x"}', "\x00\x01"])
def test_a_file_that_is_no_message_is_dropped_and_the_next_one_comes(broker, tmp_path, rubbish):
    send(broker, "sau")
    (tmp_path / "queue" / "0_first.jobs.msg").write_text(rubbish)

    channel = broker.channel()

    assert channel._get("jobs")["properties"]["delivery_info"]["routing_key"] == "jobs"
    assert channel._size("jobs") == 0


@pytest.mark.parametrize("rubbish", ["", '[["jo', "{}", "[1]"])
def test_a_table_cut_off_by_a_kill_stops_nobody(broker, tmp_path, rubbish):
    (tmp_path / "control").mkdir()
    (tmp_path / "control" / "jobs.exchange").write_text(rubbish)

    send(broker, "một")

    assert receive(broker) == ["một"]


def test_the_whole_folder_may_vanish_under_a_worker(broker, tmp_path):
    send(broker, "mất")
    with broker.SimpleQueue(QUEUE) as queue:
        for folder in tmp_path.iterdir():
            shutil.rmtree(folder)

        assert len(queue) == 0
        queue.put("còn")
        message = queue.get(timeout=1)
        message.ack()

    assert message.payload == "còn"


def test_what_a_killed_reader_left_goes_after_an_hour(broker, tmp_path):
    (tmp_path / "queue").mkdir()
    for name, age in {".taken-old": 3700, ".taken-new": 60}.items():
        (tmp_path / "queue" / name).write_text("{}")
        os.utime(tmp_path / "queue" / name, (time.time() - age,) * 2)

    broker.channel()

    assert os.listdir(tmp_path / "queue") == [".taken-new"]
