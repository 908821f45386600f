"""What every row has that is a job. Workers and sweepers change it only by conditional updates on state and token."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    REQUESTED = "requested", _("đang chờ")
    RUNNING = "running", _("đang làm")
    DONE = "done", _("đã xong")
    FAILED = "failed", _("không làm được")
    CANCELLED = "cancelled", _("đã hủy")


UNFINISHED = (JobState.REQUESTED, JobState.RUNNING)


class Job(models.Model):
    """A concrete job adds `state`, with the names of its own for the same values, and `step`."""

    TASK: ClassVar[str]  # Celery's name of what works on it
    IN_TURN: ClassVar[tuple[str, ...]] = ()  # what decides before the order in which they were asked for

    progress = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    attempts = models.PositiveSmallIntegerField(default=0)  # starts, honest ones and those cut off
    crashes = models.PositiveSmallIntegerField(default=0)  # leases that ran out with nobody to say why
    errors = models.PositiveSmallIntegerField(default=0)  # attempts that ended with a reason
    token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    deadline = models.DateTimeField(null=True, blank=True)
    rings = models.PositiveSmallIntegerField(default=0)
    rung_at = models.DateTimeField(null=True, blank=True)

    created = models.DateTimeField(auto_now_add=True)
    finished = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def interrupted(self) -> str:
        """What the requester reads once it was cut off too often."""
        raise NotImplementedError

    def has_failed(self, reason: str) -> None:
        """Called in the transaction that gives it up, to tell whoever waits."""
        raise NotImplementedError
