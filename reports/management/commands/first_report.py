"""`manage.py first_report`: one report of the sample, through the worker, as a user would ask for it."""

import time

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.models import User
from cells.models import Organisation, OrganisationPeriod
from reports.models import Report
from reports.periods import Period
from reports.requesting import request_report, retry
from reports.sample.people import COMMITTEE

READY_WITHIN = 300  # seconds
POLL = 0.3


class Command(BaseCommand):
    help = "Requests the sample committee's report of the last full quarter, waits for it and prints the PDF's path."

    def handle(self, *args, **options):
        organisation = sample_committee()
        period = last_full_quarter(timezone.localdate())
        report = finished(organisation, period) or self.build(organisation, period)
        self.say(f"the report of {period.code} is {settings.DATA_DIR / report.artifact.path}")

    def say(self, text):
        self.stdout.write(f"first report: {text}")
        self.stdout.flush()

    def build(self, organisation, period) -> Report:
        user = User.objects.get(username="minh")
        report = retry(request_report(organisation, period, user), user)  # an earlier run may have seen it fail
        self.say(f"requested for {period.code}, waiting for the worker ...")
        deadline, told = time.monotonic() + READY_WITHIN, ""
        while report.state in {Report.State.REQUESTED, Report.State.RUNNING}:
            if time.monotonic() > deadline:
                raise CommandError(f"the report is not ready after {READY_WITHIN} s")
            time.sleep(POLL)
            report.refresh_from_db()
            told = self.tell_step(report, told)
        if report.state != Report.State.DONE:
            raise CommandError(f"the report is {report.state}: {report.error}")
        return report

    def tell_step(self, report, told) -> str:
        step = f"{report.step} {report.progress} of {report.total}" if report.total else report.step
        if report.step and step != told:
            self.say(f"{step} ...")
        return step


def sample_committee() -> Organisation:
    period = OrganisationPeriod.unscoped.filter(name=COMMITTEE).select_related("organisation").first()
    if period is None:
        raise CommandError("there is no sample committee in this database")
    return period.organisation


def finished(organisation, period) -> Report | None:
    done = Report.unscoped.filter(organisation=organisation, period=period.code, state=Report.State.DONE)
    return done.select_related("artifact").first()


def last_full_quarter(today) -> Period:
    year, quarter = (today.year, (today.month - 1) // 3) if today.month > 3 else (today.year - 1, 4)
    return Period.parse(f"{year}-Q{quarter}")
