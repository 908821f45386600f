"""Core teams: who is in them in which role, and the rules they work by."""

from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import not_found
from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import roles
from cells.comparing import side_by_side
from cells.reach import ANYONE
from cells.uploads import answering, releasing
from cells.uploads.stored import FileState
from speakers import teaming
from speakers.appointing import ChangedMeanwhile
from speakers.forms.teams import MemberForm, RulesForm, TeamForm, team_values
from speakers.keeping import KEEPERS, keeps, kept, place, seen
from speakers.models import SpeakerTeam, TeamMember, TeamRules
from speakers.views.places import crumbs


@roles(ANYONE)
@require_safe
def team(request, public_id):
    user = request.user
    row = seen(SpeakerTeam, user, public_id, "organisation")
    members = list(row.teammembers.on(user.reach.day).select_related("person"))
    committee = sum(one.is_committee for one in members)
    context = {
        "team": row,
        "here": row.organisation,
        "members": members,
        "composition": (len(members), committee, len(members) - committee),
        "rules": row.rules.filter(state=FileState.RELEASED).first(),
        "waiting": row.rules.filter(state__in=[FileState.WAITING, FileState.QUARANTINE]).select_related("uploaded_by"),
        "keeps": keeps(user.reach, row.organisation_id),
        "crumbs": crumbs(user, row.organisation, (row.name, "")),
    }
    return render(request, "speakers/team.html", context)


def address_of(row: SpeakerTeam) -> str:
    return reverse("speakers:team", args=[row.public_id])


@roles(*KEEPERS)
def make(request, public_id):
    here = place(request.user, public_id, keeps)
    form = TeamForm(request.POST or None)
    if form.is_valid():
        return once(request, lambda: made(request, here, form.cleaned_data))
    context = {"form": form, "back": reverse("speakers:place", args=[here.public_id])}
    context |= {"title": _("Lập đội, tổ"), "crumbs": crumbs(request.user, here, (_("Lập đội, tổ"), ""))}
    return render(request, "speakers/form.html", context)


def made(request, here, fields: dict) -> str:
    row = teaming.make(here, fields, actor=request.user, request=request)
    messages.success(request, _("Đã lập đội. Hãy thêm thành viên."))
    return address_of(row)


@roles(*KEEPERS)
def change(request, public_id):
    row = kept(SpeakerTeam, request.user, public_id, "organisation")
    form = TeamForm(request.POST or None, initial=team_values(row))
    context = {"form": form, "back": address_of(row), "title": _("Sửa đội, tổ")}
    context["crumbs"] = crumbs(request.user, row.organisation, (row.name, address_of(row)), (_("Sửa"), ""))
    if form.is_valid():
        try:
            return once(request, lambda: changed(request, row, form.cleaned_data))
        except ChangedMeanwhile:
            row.refresh_from_db()
            context |= side_by_side(form, TeamForm(initial=team_values(row)))
            return render(request, "speakers/form.html", context, status=409)
        except Refused as refusal:
            form.add_error(None, refusal.text)
    return render(request, "speakers/form.html", context)


def changed(request, row, fields: dict) -> str:
    teaming.change(row, fields, version=fields["version"] or row.version, actor=request.user, request=request)
    messages.success(request, _("Đã sửa."))
    return address_of(row)


@roles(*KEEPERS)
def add_member(request, public_id):
    row = kept(SpeakerTeam, request.user, public_id, "organisation")
    form = MemberForm(
        request.POST or None, people=teaming.offered(request.user, row), initial={"first_day": row.first_day}
    )
    if form.is_valid():
        try:
            return once(request, lambda: joined(request, row, form))
        except Refused as refusal:
            form.add_error("person", refusal.text)
    return member_page(request, row, form, _("Thêm thành viên"))


def member_page(request, row: SpeakerTeam, form, title: str, **more):
    context = {"form": form, "title": title, "back": address_of(row), "is_empty": not form.people, **more}
    context["crumbs"] = crumbs(request.user, row.organisation, (row.name, address_of(row)), (title, ""))
    return render(request, "speakers/form.html", context, status=409 if "versions" in more else 200)


def joined(request, row: SpeakerTeam, form: MemberForm) -> str:
    person = form.people[form.cleaned_data["person"]]
    teaming.add_member(row, person, form.cleaned_data, actor=request.user, request=request)
    messages.success(request, _("Đã thêm %s.") % person.full_name)
    return address_of(row)


@roles(*KEEPERS)
def change_member(request, public_id):
    member = kept(TeamMember, request.user, public_id, "team__organisation", "person")
    form = member_form(member, request.POST or None)
    if form.is_valid():
        try:
            return once(request, lambda: member_changed(request, member, form.cleaned_data))
        except ChangedMeanwhile:
            member.refresh_from_db()
            compared = side_by_side(form, member_form(member))
            return member_page(request, member.team, compared.pop("form"), _("Sửa thành viên"), **compared)
        except Refused as refusal:
            form.add_error(None, refusal.text)
    return member_page(request, member.team, form, _("Sửa thành viên"))


def member_form(member: TeamMember, data=None) -> MemberForm:
    initial = {name: getattr(member, name) for name in ("role", "is_committee", "first_day", "last_day", "version")}
    initial |= {"person": str(member.person.public_id), "fields_text": member.fields}
    return MemberForm(data, people=[member.person], initial=initial)


def member_changed(request, member: TeamMember, fields: dict) -> str:
    version = fields["version"] or member.version
    teaming.change_member(member, fields, version=version, actor=request.user, request=request)
    messages.success(request, _("Đã sửa."))
    return address_of(member.team)


@roles(*KEEPERS)
def upload_rules(request, public_id):
    row = kept(SpeakerTeam, request.user, public_id, "organisation")
    form = RulesForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        accepted = form.accept_file(actor=request.user, request=request)
        if accepted:
            return once(request, lambda: uploaded(request, row, accepted.fields))
    context = {"form": form, "title": _("Quy chế làm việc"), "back": address_of(row)}
    context["crumbs"] = crumbs(request.user, row.organisation, (row.name, address_of(row)), (_("Quy chế"), ""))
    return render(request, "speakers/form.html", context)


def uploaded(request, row: SpeakerTeam, fields: dict) -> str:
    rules = teaming.keep_rules(row, fields, actor=request.user, request=request)
    if rules.is_released:
        messages.success(request, _("Đã lưu quy chế."))
    else:
        messages.info(request, _("Đã nhận tệp, chưa dùng ngay: %s.") % rules.get_state_display())
    return address_of(row)


@roles(*KEEPERS)
@require_POST
def release_rules(request, public_id):
    """By a second person, who looked at what no program can read: a signed copy is mostly a scan."""
    return decided(request, public_id, releasing.release, _("Đã duyệt. Quy chế này đang dùng."))


@roles(*KEEPERS)
@require_POST
def refuse_rules(request, public_id):
    return decided(request, public_id, releasing.refuse, _("Đã bỏ tệp. Tệp không còn trên máy chủ."))


def decided(request, public_id, decide, said: str):
    rules = kept(TeamRules, request.user, public_id, "team__organisation")
    return answering.decided(
        *(request, address_of(rules.team), said),
        lambda: decide(rules, rules.uploaded_by_id, actor=request.user, request=request),
    )


@roles(ANYONE)
@require_safe
def download_rules(request, public_id):
    rules = seen(TeamRules, request.user, public_id, "team")
    if not rules.is_released and not keeps(request.user.reach, rules.audit_place):
        return not_found(request)
    return answering.downloaded(request, rules, address_of(rules.team), "team.rules_downloaded")
