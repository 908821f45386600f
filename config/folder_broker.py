"""kombu's folder transport without its three faults; the broker of an installation that has no Redis.

The stock transport (kombu 5.7) breaks under kill -9: it writes a message straight under its final name, so a worker
may read half of it and stop; it truncates an exchange table before writing it, so a kill in between leaves one on
which every later start fails; and it moves messages to the system's temporary folder to read them. Here files appear
whole by a rename, what cannot be read is logged and dropped (the sweeper rings again), and nothing leaves the folder.
"""

import fcntl
import logging
import os
import time
import uuid
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty

from kombu.transport import filesystem, virtual
from kombu.utils.json import dumps, loads

logger = logging.getLogger(__name__)

LEFT_OVER_AFTER = 3600  # seconds; drafts and taken messages live for milliseconds


class Channel(filesystem.Channel):
    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.folder = Path(self.data_folder_in)
        self.remove_left_overs()

    def remove_left_overs(self):
        for path in self.folder.glob(".*"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < time.time() - LEFT_OVER_AFTER:
                    path.unlink()

    def _put(self, queue, payload, **options):
        write_whole(self.folder / f"{time.time_ns() // 1_000_000}_{uuid.uuid4()}.{queue}.msg", dumps(payload))

    def _get(self, queue):
        for path in self.messages(queue):
            taken = self.folder / f".taken-{uuid.uuid4()}"
            try:
                path.rename(taken)  # of several workers one succeeds
            except FileNotFoundError:
                continue
            message = read_message(taken)
            taken.unlink(missing_ok=True)
            if message is not None:
                return message
        raise Empty

    def messages(self, queue) -> list[Path]:
        try:
            names = os.listdir(self.folder)
        except FileNotFoundError:  # somebody emptied the broker, folder and all
            return []
        return [self.folder / name for name in sorted(names) if name.partition(".")[2] == f"{queue}.msg"]

    def _size(self, queue):
        return len(self.messages(queue))

    def _purge(self, queue):
        messages = self.messages(queue)
        for path in messages:
            path.unlink(missing_ok=True)
        return len(messages)

    def get_table(self, exchange):
        try:
            rows = loads(self._exchange_file(exchange).read_text())
            return [filesystem.exchange_queue_t(*row) for row in rows]
        except FileNotFoundError:
            return []
        except (ValueError, TypeError):
            logger.warning("the table of exchange %s cannot be read and is begun anew", exchange)
            return []

    def _queue_bind(self, exchange, routing_key, pattern, queue):
        row = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with self.changing(exchange) as table:
            if row not in table:
                table.insert(0, row)

    def _delete(self, queue, exchange, routing_key, pattern, *args, **options):
        virtual.Channel._delete(self, queue)
        row = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with self.changing(exchange) as table:
            if row in table:
                table.remove(row)

    @contextmanager
    def changing(self, exchange):
        """The table of `exchange`, written back whole if the block changes it; one process at a time."""
        file = self._exchange_file(exchange)
        file.parent.mkdir(parents=True, exist_ok=True)
        with (file.parent / ".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            table = self.get_table(exchange)
            before = list(table)
            yield table
            if table != before:
                write_whole(file, dumps(table))


def write_whole(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.parent / f".draft-{uuid.uuid4()}"
    draft.write_text(text)
    draft.replace(path)


def read_message(path: Path) -> dict | None:
    try:
        message = loads(path.read_text())
    except (OSError, ValueError):
        logger.warning("a message that cannot be read was dropped")
        return None
    if isinstance(message, dict) and {"body", "properties"} <= message.keys():
        return message
    logger.warning("a file that is no message was dropped")
    return None


class Transport(filesystem.Transport):
    Channel = Channel
