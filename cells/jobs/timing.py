"""Spans of a job's life, on the database's clock: workers on several hosts need not agree on the time."""

from datetime import timedelta

from django.db.models import DateTimeField, ExpressionWrapper, Value
from django.db.models.functions import Now

LEASE = timedelta(seconds=60)
BEAT = timedelta(seconds=20)
DEADLINE = timedelta(minutes=10)
FRESH = timedelta(seconds=10)  # a row rung for a moment ago is not rung for again
IDLE = timedelta(seconds=30)  # first wait for the oldest row while nobody works
RING_AGAIN = timedelta(minutes=2)  # first wait for every row; doubles
RING_AT_LEAST = timedelta(minutes=30)
MAX_CRASHES = 10
MAX_ERRORS = 3


def from_now(span: timedelta):
    return ExpressionWrapper(Now() + Value(span), output_field=DateTimeField())


def ago(span: timedelta):
    return ExpressionWrapper(Now() - Value(span), output_field=DateTimeField())
