"""A board or committee plans its conferences, changes them, puts them off, calls them off, says how they were held."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import require, roles
from cells.comparing import side_by_side
from cells.models import Kind, Organisation, OrganisationPeriod
from resolutions import convening, limiting
from resolutions.conference_forms import (
    CancelForm,
    ConferenceForm,
    HoldForm,
    PostponeForm,
    conference_values,
)
from resolutions.models import KEEPERS, Document, StudyConference
from resolutions.searching import newest_first
from resolutions.views.documents import places_of
from speakers.models import Level

DOCUMENTS_OFFERED = 12
LEVELS = {
    Kind.PROVINCE: Level.PROVINCE,
    Kind.COMMUNE: Level.COMMUNE,
    Kind.GRASSROOTS_COMMITTEE: Level.GRASSROOTS,
    Kind.CELL: Level.CELL,
}


def kept_conference(user, public_id) -> StudyConference:
    conferences = StudyConference.objects.for_user(user).select_related("presenter", "organisation")
    conference = get_object_or_404(conferences, public_id=public_id)
    require(conference.is_kept_by(user.reach))
    return conference


def address_of(conference: StudyConference) -> str:
    return reverse("resolutions:conference", args=[conference.public_id])


def crumbs(conference: StudyConference | None, title: str) -> list[tuple[str, str]]:
    here = [(_("Hội nghị ngày %s") % f"{conference.day:%d/%m/%Y}", address_of(conference))] if conference else []
    return [
        (_("Văn bản"), reverse("resolutions:list")),
        (_("Hội nghị học tập, quán triệt"), reverse("resolutions:conference_list")),
        *here,
        (title, ""),
    ]


@roles(*KEEPERS)
def plan(request):
    places = places_of(request.user)
    form = ConferenceForm(
        request.POST or None,
        places=places,
        asks_whether_aware=request.method == "POST",
        **offered(request.user),
        initial={"level": usual_level(request.user, places), "day": f"{request.user.reach.day:%d/%m/%Y}"},
    )
    notes = notes_of(form, StudyConference(state=StudyConference.State.PLANNED))
    if form.is_valid() and (not notes or form.cleaned_data["is_aware"]):
        try:
            return once(request, lambda: planned(request, form))
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.text)
    back = reverse("resolutions:conference_list")
    return page(request, None, form, _("Lên lịch hội nghị"), back, notes=notes)


def notes_of(form: ConferenceForm, conference: StudyConference) -> list[str]:
    """What speaks against it by the limits of that day; without anything the form does not ask."""
    notes = []
    if form.is_valid():
        told = form.told
        conference.organisation_id = form.place
        conference.day = told.get("day") or conference.day
        for name in ("level", "mode", "start", "end", "document_symbols"):
            setattr(conference, name, told[name])
        notes = limiting.notes_on(conference)
    if not notes and "is_aware" in form.fields:
        form.fields["is_aware"].widget = forms.HiddenInput()
    return notes


def offered(user, conference: StudyConference | None = None) -> dict:
    """The newest documents and whoever is on a roster of speakers; what was chosen before stays a choice."""
    documents = list(newest_first(Document.objects.for_user(user).in_use())[:DOCUMENTS_OFFERED])
    speakers = convening.speakers_for(user)
    if conference:
        documents += [one for one in conference.documents.all() if one not in documents]
        speakers += [conference.presenter] if conference.presenter and conference.presenter not in speakers else []
    return {"documents": documents, "speakers": speakers}


def usual_level(user, places: dict[int, str]) -> str:
    if len(places) != 1:
        return ""
    period = OrganisationPeriod.unscoped.on(user.reach.day).filter(organisation__in=places).first()
    return LEVELS.get(period.kind, "") if period else ""


def planned(request, form: ConferenceForm) -> str:
    host = Organisation.objects.for_user(request.user).get(pk=form.place)
    conference = convening.plan(host, form.told, actor=request.user, request=request)
    messages.success(request, _("Đã lên lịch hội nghị."))
    return address_of(conference)


@roles(*KEEPERS)
def change(request, public_id):
    conference = kept_conference(request.user, public_id)

    def opened(row: StudyConference, data=None) -> ConferenceForm:
        return ConferenceForm(
            data,
            places={row.organisation_id: ""},
            moves_day=False,
            asks_whether_aware=data is not None,
            **offered(request.user, row),
            initial=conference_values(row),
        )

    form = opened(conference, request.POST or None)
    notes = notes_of(form, kept_conference(request.user, public_id))
    versions = None
    if form.is_valid() and (not notes or form.cleaned_data["is_aware"]):
        try:
            return once(request, lambda: changed(request, conference, form))
        except convening.ChangedMeanwhile:
            versions = compared(form, opened(kept_conference(request.user, public_id)))
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.text)
    title = _("Sửa hội nghị")
    return page(request, conference, form, title, address_of(conference), notes=notes, versions=versions)


def compared(form, stored) -> list[tuple[str, str, str]]:
    """What the second of two is shown; the form goes on from what is stored now."""
    form.fields.pop("is_aware", None)
    return side_by_side(form, stored)["versions"]


def changed(request, conference: StudyConference, form: ConferenceForm) -> str:
    version = form.cleaned_data["version"] or conference.version
    convening.change(conference, form.told, version=version, actor=request.user, request=request)
    messages.success(request, _("Đã sửa hội nghị."))
    return address_of(conference)


@roles(*KEEPERS)
def postpone(request, public_id):
    conference = kept_conference(request.user, public_id)
    return answer(request, conference, opened_by(PostponeForm), put_off, _("Hoãn hội nghị"))


def opened_by(form_class, *names: str):
    """The form as it is opened for a conference: its version, and these of its values."""

    def opened(row, data=None):
        return form_class(data, initial={name: getattr(row, name) for name in (*names, "version")})

    return opened


def put_off(request, conference: StudyConference, told: dict) -> str:
    day, reason, version = told["day"], told["reason"], told["version"]
    convening.postpone(conference, day, reason, version=version, actor=request.user, request=request)
    messages.success(request, _("Đã hoãn sang ngày %s.") % f"{day:%d/%m/%Y}")
    return address_of(conference)


@roles(*KEEPERS)
def cancel(request, public_id):
    conference = kept_conference(request.user, public_id)
    return answer(request, conference, opened_by(CancelForm), called_off, _("Hủy hội nghị"))


def called_off(request, conference: StudyConference, told: dict) -> str:
    convening.cancel(conference, told["reason"], version=told["version"], actor=request.user, request=request)
    messages.success(request, _("Đã hủy hội nghị. Hội nghị vẫn còn trong danh sách và không tính vào số liệu."))
    return address_of(conference)


@roles(*KEEPERS)
def hold(request, public_id):
    conference = kept_conference(request.user, public_id)
    names = ("start", "end", "expected", "estimate", *(["present"] if conference.is_held else []))
    title = _("Sửa số người dự") if conference.is_held else _("Ghi kết quả hội nghị")
    return answer(request, conference, opened_by(HoldForm, *names), held, title)


def held(request, conference: StudyConference, told: dict) -> str:
    convening.hold(
        conference, told, version=told["version"], today=request.user.reach.day, actor=request.user, request=request
    )
    messages.success(request, _("Đã ghi kết quả hội nghị."))
    return address_of(conference)


def answer(request, conference: StudyConference, opened, write, title: str):
    form, versions = opened(conference, request.POST or None), None
    if form.is_valid():
        try:
            return once(request, lambda: write(request, conference, form.cleaned_data))
        except convening.ChangedMeanwhile:
            versions = compared(form, opened(kept_conference(request.user, conference.public_id)))
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.text)
    return page(request, conference, form, title, address_of(conference), versions=versions)


def page(request, conference: StudyConference | None, form, title: str, back: str, **more):
    context = {
        "form": form,
        "title": title,
        "lead": conference.subject if conference else "",
        "back": back,
        "crumbs": crumbs(conference, title),
        **more,
    }
    status = 409 if more.get("versions") is not None else 422 if form.is_bound else 200
    return render(request, "resolutions/conference_form.html", context, status=status)
