"""Receiving sites: who is to follow a conference where, and what each site says of how many came."""

import datetime as dt
import secrets

from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.addresses import client_address
from accounts.auditing import record
from accounts.models import AuditEntry, User
from accounts.refusing import Refused
from accounts.text import folded
from cells import revising
from cells.models import Organisation, OrganisationPeriod
from resolutions.convening import Cancelled, ChangedMeanwhile, NotYet, heads, locked, saved
from resolutions.models import Mode, ReceivingSite, StudyConference

State = StudyConference.State
SIGNER = signing.Signer(salt="resolutions.site", sep=".")
LINK_DAYS = 7  # after the conference; later numbers go through the host
WINDOW = dt.timedelta(minutes=15)
REPORTS_A_WINDOW = 10  # through one link
REFUSED_A_WINDOW = 100  # links that do not hold, from one address


class NamedTwice(Refused):
    def default(self):
        return _("Hội nghị đã có điểm cầu mang tên này.")


class TooOften(Refused):
    def default(self):
        return _("Đường dẫn này vừa được dùng quá nhiều lần. Hãy chờ 15 phút rồi làm lại.")


@transaction.atomic
def add(conference: StudyConference, fields: dict, *, actor: User, request=None) -> ReceivingSite:
    conference = open_to_sites(conference)
    site = ReceivingSite(conference=conference, present=0, **{name: fields[name] for name in NAMED})
    refuse_place(site)
    try:
        with transaction.atomic():
            site.save(force_insert=True)
    except IntegrityError as error:
        raise NamedTwice("", "name") from error
    record("site.added", actor=actor, target=site, after=told(site), request=request)
    return site


NAMED = ("name", "organisation", "expected")


@transaction.atomic
def add_children(conference: StudyConference, *, actor: User, request=None) -> int:
    """A site for each organisation right below the host that has none yet; returns how many."""
    conference = open_to_sites(conference)
    periods = OrganisationPeriod.unscoped.on(conference.day).filter(parent=conference.organisation_id)
    present = conference.sites.exclude(organisation=None).values("organisation")
    names = set(conference.sites.values_list("name", flat=True))
    wanted = [
        ReceivingSite(conference=conference, name=site_name(period), organisation_id=period.organisation_id)
        for period in periods.exclude(organisation__in=present).order_by("name", "pk")
    ]
    made = []
    for site in wanted:
        if site.name not in names:
            site.expected = site.present = 0
            names.add(site.name)
            made.append(site)
    ReceivingSite.unscoped.bulk_create(made, batch_size=200)
    if made:
        record("site.children_added", actor=actor, target=conference, detail={"sites": len(made)}, request=request)
    return len(made)


def site_name(period: OrganisationPeriod) -> str:
    return (_("Điểm cầu %s") % period.name)[:250]


def open_to_sites(conference: StudyConference) -> StudyConference:
    revising.advance()
    conference = StudyConference.unscoped.select_for_update(of=("self",)).get(pk=conference.pk)
    refuse_sites(conference)
    return conference


def refuse_sites(conference: StudyConference) -> None:
    if conference.state == State.CANCELLED:
        raise Cancelled
    if conference.mode == Mode.IN_PERSON:
        raise Refused(_("Hội nghị trực tiếp không có điểm cầu. Hãy sửa hình thức thành trực tuyến hoặc kết hợp."))


@transaction.atomic
def change(site: ReceivingSite, fields: dict, *, version: int, actor: User, request=None) -> None:
    site = locked(site, version)
    open_to_sites(site.conference)
    before = told(site)
    for name in NAMED:
        setattr(site, name, fields[name])
    refuse_place(site)
    try:
        with transaction.atomic():
            saved(site)
    except IntegrityError as error:
        raise NamedTwice("", "name") from error
    record("site.changed", actor=actor, target=site, before=before, after=told(site), request=request)


@transaction.atomic
def remove(site: ReceivingSite, *, version: int, actor: User, request=None) -> None:
    site = locked(site, version)
    if not site.is_missing:
        raise Refused(_("Điểm cầu này đã có số người dự nên không bỏ được. Nếu ghi nhầm, hãy sửa số."))
    record("site.removed", actor=actor, target=site, before=told(site), request=request)
    site.delete()


def refuse_place(site: ReceivingSite) -> None:
    day = site.conference.day
    periods = OrganisationPeriod.unscoped.on(day).filter(organisation=site.organisation_id)
    if site.organisation_id and not periods.exists():
        raise Refused(_("Đơn vị này không hoạt động vào ngày %s.") % f"{day:%d/%m/%Y}", "organisation")


@transaction.atomic
def report(
    site: ReceivingSite, fields: dict, way: str, *, version: int, today: dt.date, actor: User | None, request=None
) -> None:
    """How many were called and came. Sent a second time, the same numbers change nothing."""
    revising.advance()
    rows = ReceivingSite.unscoped.select_for_update(of=("self",)).select_related("conference")
    site = rows.filter(pk=site.pk).first()
    if site is None:
        raise ChangedMeanwhile
    if site.conference.state == State.CANCELLED:
        raise Cancelled
    if site.conference.day > today:
        raise NotYet
    is_same = heads(site) == {name: fields[name] for name in heads(site)}
    if is_same and site.reported_at:
        return
    if site.version != version:
        raise ChangedMeanwhile
    before = heads(site)
    for name in before:
        setattr(site, name, fields[name])
    site.reported_at, site.way = timezone.now(), way
    saved(site)
    action = "site.reported_by_link" if way == ReceivingSite.Way.LINK else "site.reported"
    record(action, actor=actor, target=site, before=before, after=heads(site), request=request)


def told(site: ReceivingSite) -> dict:
    return {"name": site.name, "organisation": site.organisation_id, "expected": site.expected}


# ---- the signed link of one site


@transaction.atomic
def make_link(site: ReceivingSite, *, actor: User, request=None) -> ReceivingSite:
    """A new one; the one before, if there was one, leads nowhere from now on."""
    site = ReceivingSite.unscoped.select_for_update(of=("self",)).select_related("conference").get(pk=site.pk)
    give_secret(site)
    site.save(update_fields=["link_secret", "link_until"])
    record("site.link_made", actor=actor, target=site, detail={"until": site.link_until}, request=request)
    return site


def give_secret(site: ReceivingSite) -> None:
    site.link_secret = secrets.token_urlsafe(32)
    site.link_until = max(site.conference.day, timezone.localdate()) + dt.timedelta(days=LINK_DAYS)


@transaction.atomic
def make_links(conference: StudyConference, *, actor: User, request=None) -> int:
    """For every site that has said nothing and has no link that holds; links that were given out go on holding."""
    sites = ReceivingSite.unscoped.select_for_update(of=("self",)).filter(conference=conference).missing()
    without = [site for site in sites.select_related("conference") if not holds(site)]
    for site in without:
        give_secret(site)
    ReceivingSite.unscoped.bulk_update(without, ["link_secret", "link_until"], batch_size=200)
    if without:
        record("site.links_made", actor=actor, target=conference, detail={"sites": len(without)}, request=request)
    return len(without)


@transaction.atomic
def revoke_link(site: ReceivingSite, *, actor: User, request=None) -> None:
    if ReceivingSite.unscoped.filter(pk=site.pk).exclude(link_secret=None).update(link_secret=None):
        record("site.link_revoked", actor=actor, target=site, request=request)


def holds(site: ReceivingSite) -> bool:
    return bool(site.link_secret) and site.link_until >= timezone.localdate()


def token_of(site: ReceivingSite) -> str:
    return SIGNER.sign(site.link_secret) if holds(site) else ""


def site_of(token: str) -> ReceivingSite | None:
    """None for a forged, an expired and a revoked link, and for one to a conference that was called off."""
    try:
        secret = SIGNER.unsign(token)
    except signing.BadSignature:
        return None
    sites = ReceivingSite.unscoped.filter(link_secret=secret, link_until__gte=timezone.localdate())
    return sites.exclude(conference__state=State.CANCELLED).select_related("conference").first()


def refuse_flood(site: ReceivingSite) -> None:
    entries = AuditEntry.objects.filter(action="site.reported_by_link", at__gte=timezone.now() - WINDOW)
    rows = entries.filter(object_kind=site._meta.label_lower, object_id=str(site.pk))
    if rows.count() >= REPORTS_A_WINDOW:
        raise TooOften


def note_refusal(request) -> bool:
    """True if this address has tried too many links that do not hold; what is noted stays bounded."""
    entries = AuditEntry.objects.filter(action="site.link_refused", at__gte=timezone.now() - WINDOW)
    if entries.filter(address=client_address(request)).count() >= REFUSED_A_WINDOW:
        return True
    record("site.link_refused", request=request)
    return False


def places_below(conference: StudyConference) -> list[tuple[Organisation, str]]:
    """The host and what stands right below it on that day, for the choice of a site's organisation."""
    periods = OrganisationPeriod.unscoped.on(conference.day).filter(parent=conference.organisation_id)
    return [(one.organisation, one.name) for one in periods.select_related("organisation").order_by("name", "pk")]


def named_like(sites: QuerySet[ReceivingSite], words: str) -> QuerySet[ReceivingSite]:
    """Found without regard to marks; neither database folds Vietnamese rightly, and a conference has few thousands."""
    wanted = folded(words)
    return sites.filter(pk__in=[pk for pk, name in sites.values_list("pk", "name") if wanted in folded(name)])
