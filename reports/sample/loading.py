"""Writes a sample into an empty database, in one transaction."""

import datetime as dt
import itertools
from collections.abc import Callable

from django.conf import settings
from django.db import transaction

from accounts.auditing import record
from cells import lineage, revising
from cells.models import Membership, Organisation, OrganisationFunction, OrganisationPeriod, Person, Term
from reports.sample import bloc, demo, keys, outlines, receipts, records, small
from reports.sample.conferences_work import write_conferences_work
from reports.sample.content import Content
from reports.sample.numbers import write_numbers
from reports.sample.papers import write_papers
from reports.sample.speakers_work import write_speakers_work
from reports.sample.targets import write_targets
from reports.sample.year_plans import write_year_plans
from resolutions.models import Document, Outline, ReceivingSite, StudyConference
from sessions import counting
from sessions.models import Attendance, Session
from speakers.models import SpeakerAppointment

PLANS = {"small": small, "bloc": bloc}
BATCH = 2000
CELLS_AT_ONCE = 60


class NotEmpty(Exception):
    """The database holds organisations that are not this sample."""


class TooEarly(Exception):
    """The sample's fixed history is not over on that day."""


def loaded_day(size: str) -> dt.date | None:
    """The day the sample of this size was laid up to; None for an empty database."""
    entry = keys.current_entry()
    if entry and entry.detail["size"] == size:
        return dt.date.fromisoformat(entry.detail["today"])
    if Organisation.unscoped.exists():
        raise NotEmpty
    return None


def load(size: str, today: dt.date, say: Callable[[str], None] = lambda text: None) -> dict[str, int]:
    """Returns how many rows of each kind were written."""
    if today < PLANS[size].FIRST_TODAY:
        raise TooEarly(PLANS[size].FIRST_TODAY)
    with transaction.atomic():
        if loaded_day(size):
            raise NotEmpty
        before = keys.highest_keys()
        content = PLANS[size].plan(today)
        write_organisations(content)
        say(f"{len(content.tree.organisations)} tổ chức")
        write_people(content)
        say(f"{len(content.rosters.people.made)} người")
        write_knowledge(content)
        receipts.write(content, today)
        if settings.IS_DEMO:
            demo.make_users(content.faces, content.tree.organisations, content.places, today)
        write_sessions(content, say)
        records.write()
        if size == "small":
            write_year_plans(today)
            write_numbers(today)
            write_speakers_work(today)
            write_conferences_work(today)
            write_targets(today)
        say("đang tổng hợp theo tháng")
        counting.rebuild_rollup()
        if size == "small" and settings.IS_DEMO:  # elsewhere there is nobody to sign
            write_papers(today)
        revising.advance()
        counts = count_rows()
        detail = {"size": size, "today": today.isoformat(), "rows": counts, "keys": keys.given_since(before)}
        record(keys.LOADED, detail=detail)
    return counts


def write_organisations(content: Content) -> None:
    organisations = list(content.tree.organisations.values())
    heirs = {organisation.code: organisation.successor for organisation in organisations}
    for organisation in organisations:
        organisation.successor = None  # may not have a key yet
    Organisation.unscoped.bulk_create(organisations, batch_size=BATCH)
    for organisation in organisations:
        organisation.successor = heirs[organisation.code]
    Organisation.unscoped.bulk_update([o for o in organisations if o.successor], ["successor"], batch_size=200)
    periods = itertools.chain.from_iterable(content.tree.periods.values())
    OrganisationPeriod.unscoped.bulk_create(periods, batch_size=BATCH)
    OrganisationFunction.unscoped.bulk_create(content.functions)
    Term.unscoped.bulk_create(content.terms)
    lineage.rebuild()


def write_people(content: Content) -> None:
    Person.unscoped.bulk_create(content.rosters.people.made, batch_size=BATCH)
    spans = itertools.chain.from_iterable(content.rosters.spans.values())
    Membership.unscoped.bulk_create(spans, batch_size=BATCH)
    SpeakerAppointment.unscoped.bulk_create(content.appointments, batch_size=BATCH)


def write_knowledge(content: Content) -> None:
    Document.unscoped.bulk_create(content.documents)
    for outline, paragraphs in content.outlines:
        outlines.write_file(outline, paragraphs)
    Outline.unscoped.bulk_create(outline for outline, _ in content.outlines)
    StudyConference.unscoped.bulk_create(content.conferences)
    ReceivingSite.unscoped.bulk_create(content.sites, batch_size=BATCH)


def write_sessions(content: Content, say: Callable[[str], None]) -> None:
    written = 0
    batches = iter(content.batches)
    while group := list(itertools.islice(batches, CELLS_AT_ONCE)):
        sittings = list(itertools.chain.from_iterable(group))
        Session.unscoped.bulk_create([sitting.session for sitting in sittings], batch_size=BATCH)
        rows = (row for sitting in sittings for row in sitting.rows())
        while batch := list(itertools.islice(rows, BATCH)):
            Attendance.unscoped.bulk_create(batch)
        written += len(sittings)
        say(f"{written} buổi sinh hoạt")


def count_rows() -> dict[str, int]:
    tables = [
        Organisation,
        Person,
        Membership,
        SpeakerAppointment,
        Document,
        Outline,
        StudyConference,
        Session,
        Attendance,
    ]
    return {table._meta.model_name: table._default_manager.count() for table in tables}
