"""Ids that may be shown to a client, and made by one."""

import secrets
import time
import uuid


def new_public_id() -> uuid.UUID:
    """A UUIDv7 (RFC 9562): ordered by time, so that indexes stay compact; random enough not to be guessed."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | secrets.randbits(80)
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return uuid.UUID(int=value)
