"""A cell notes by name who came to its site, where it wants that; only the cell and committees above read names."""

import datetime as dt

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import require, roles
from cells.models import Membership, Person
from cells.reach import AT_THE_CELL
from resolutions import attending
from resolutions.conference_forms import RollCallForm
from resolutions.convening import ChangedMeanwhile
from resolutions.models import ReceivingSite, StudyConference
from resolutions.views.convening import address_of, compared, crumbs
from resolutions.views.sites import calls_the_roll, page_of, site_for, status_of


@roles(*AT_THE_CELL)
def roll_call(request, public_id):
    """Of a receiving site."""

    def found() -> ReceivingSite:
        return site_for(request.user, public_id)

    here = found()
    require(calls_the_roll(request.user, here))
    people = expected_people(request.user, here.organisation_id, here.conference.day)
    back = page_of(here)

    def opened(row: ReceivingSite, data=None) -> RollCallForm:
        return RollCallForm(data, people=people, initial=marked(row.conference, row, row))

    def write(form) -> None:
        attending.note(here, people, form.came, form.cleaned_data["others"], **about(request, form))

    return answer(request, here.conference, opened, found, write, back)


@roles(*AT_THE_CELL)
def host_roll_call(request, public_id):
    """Of the host's own site, where the host is a cell."""

    def found() -> StudyConference:
        return get_object_or_404(StudyConference.objects.for_user(request.user), public_id=public_id)

    conference = found()
    require(conference.organisation_id in request.user.reach.own(AT_THE_CELL))
    people = expected_people(request.user, conference.organisation_id, conference.day)

    def opened(row: StudyConference, data=None) -> RollCallForm:
        return RollCallForm(data, people=people, initial=marked(row, None, row))

    def write(form) -> None:
        attending.note_at_host(conference, people, form.came, form.cleaned_data["others"], **about(request, form))

    return answer(request, conference, opened, found, write, address_of(conference))


def about(request, form) -> dict:
    told = {"version": form.cleaned_data["version"], "today": request.user.reach.day}
    return told | {"actor": request.user, "request": request}


def answer(request, conference: StudyConference, opened, found, write, back: str):
    form, versions = opened(found(), request.POST or None), None

    def written() -> str:
        write(form)
        messages.success(request, _("Đã ghi điểm danh. Số có mặt tính theo danh sách này."))
        return back

    if form.is_valid():
        try:
            return once(request, written)
        except ChangedMeanwhile:
            versions = compared(form, opened(found()))
        except Refused as refusal:
            form.add_error(None, refusal.text)
    context = {
        "conference": conference,
        "form": form,
        "versions": versions,
        "is_empty": not form.people,
        "back": back,
        "crumbs": crumbs(None, _("Điểm danh theo tên")),
    }
    return render(request, "resolutions/study_roll_call.html", context, status=status_of(form, versions))


def expected_people(user, cell: int, day: dt.date) -> list[Person]:
    rows = Membership.objects.for_user(user).on(day).expected().filter(cell=cell)
    return list(Person.objects.for_user(user).filter(pk__in=rows.values("person")).order_by("sort_key", "pk"))


def marked(conference: StudyConference, site: ReceivingSite | None, row) -> dict:
    came = attending.came_to(conference, site)
    others = max(row.present - len(came), 0) if came else 0
    return {"present": [str(person.public_id) for person in came], "others": others, "version": row.version}
