"""A cell notes by name who came to its site, where it wants that; only the cell and committees above read names."""

from django.contrib import messages
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import require, roles
from cells.models import Membership, Person
from cells.reach import AT_THE_CELL
from resolutions import attending
from resolutions.conference_forms import RollCallForm
from resolutions.convening import ChangedMeanwhile
from resolutions.models import ReceivingSite
from resolutions.views.convening import compared, crumbs
from resolutions.views.sites import calls_the_roll, page_of, site_for, status_of


@roles(*AT_THE_CELL)
def roll_call(request, public_id):
    here = site_for(request.user, public_id)
    require(calls_the_roll(request.user, here))
    people = expected_people(request.user, here)
    form, versions = RollCallForm(request.POST or None, people=people, initial=marked(here)), None
    if form.is_valid():
        try:
            return once(request, lambda: called(request, here, people, form))
        except ChangedMeanwhile:
            here = site_for(request.user, public_id)
            versions = compared(form, RollCallForm(people=people, initial=marked(here)))
        except Refused as refusal:
            form.add_error(None, refusal.text)
    context = {
        "site": here,
        "form": form,
        "versions": versions,
        "is_empty": not people,
        "back": page_of(here),
        "crumbs": crumbs(None, _("Điểm danh theo tên")),
    }
    return render(request, "resolutions/study_roll_call.html", context, status=status_of(form, versions))


def expected_people(user, here: ReceivingSite) -> list[Person]:
    rows = Membership.objects.for_user(user).on(here.conference.day).expected().filter(cell=here.organisation_id)
    return list(Person.objects.for_user(user).filter(pk__in=rows.values("person")).order_by("sort_key", "pk"))


def marked(here: ReceivingSite) -> dict:
    came = attending.came_to(here)
    others = max(here.present - len(came), 0) if came else 0
    return {"present": [str(person.public_id) for person in came], "others": others, "version": here.version}


def called(request, here: ReceivingSite, people: list[Person], form: RollCallForm) -> str:
    told = form.cleaned_data
    attending.note(
        here,
        people,
        form.came,
        told["others"],
        version=told["version"],
        today=request.user.reach.day,
        actor=request.user,
        request=request,
    )
    messages.success(request, _("Đã ghi điểm danh. Số có mặt của điểm cầu tính theo danh sách này."))
    return page_of(here)
