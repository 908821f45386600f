"""Where everything about the speakers of one organisation begins."""

from django.db.models import Count
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cells.access import roles
from cells.models import Lineage, Organisation
from cells.naming import names_for
from cells.reach import ANYONE, AT_THE_CELL
from speakers.appointing import expiring
from speakers.books import BOOKS
from speakers.keeping import READERS, appoints, keeps, place, sees
from speakers.models import RosterReview, SpeakerAppointment, SpeakerKind, SpeakerTeam
from speakers.teaming import coverage

MOST_SHOWN = 10


def below(user, here: Organisation):
    """Appointments at the organisation and, by the tree of today, at what stands below it."""
    under = Lineage.unscoped.under(here, user.reach.day).values("descendant")
    rows = SpeakerAppointment.objects.for_user(user).select_related("person", "organisation")
    return rows.filter(organisation__in=under) | rows.filter(organisation=here)


def name_of(user, here: Organisation) -> str:
    return names_for(user, [here.pk], user.reach.day).get(here.pk, here.code)


def crumbs(user, here: Organisation, *more: tuple[str, str]) -> list[tuple[str, str]]:
    if not sees(user.reach, here.pk):  # a speaker of the team, for whom the rest of the place is shut
        return [(_("Lượt trình bày của tôi"), reverse("speakers:mine")), *more]
    address = reverse("speakers:place", args=[here.public_id]) if more else ""
    name = name_of(user, here)
    start = [(name, reverse("cells:organisation", args=[here.public_id]))]
    return [*start, (_("Báo cáo viên, tuyên giáo"), address), *more]


@roles(ANYONE)
@require_safe
def index(request):
    """To the organisation that the user looks after, or to the own turns of somebody who has none."""
    reach = request.user.reach
    places = Organisation.objects.filter(pk__in=reach.tops or reach.at(AT_THE_CELL)).order_by("code")
    here = next((one for one in places if sees(reach, one.pk)), None)
    return redirect("speakers:place", here.public_id) if here else redirect("speakers:mine")


@roles(*READERS)
@require_safe
def overview(request, public_id):
    user = request.user
    here = place(user, public_id, sees)
    day = user.reach.day
    counts = dict(below(user, here).on(day).order_by().values_list("kind").annotate(Count("person", distinct=True)))
    context = {
        "here": here,
        "crumbs": crumbs(user, here),
        "rosters": [(kind, kind.label, counts.get(kind, 0)) for kind in SpeakerKind],
        "expiring": expiring(below(user, here), day)[:MOST_SHOWN],
        "teams": SpeakerTeam.objects.for_user(user).on(day).filter(organisation=here).order_by("name", "pk"),
        "coverage": coverage(here, day),
        "reviews": RosterReview.objects.for_user(user).filter(organisation=here).order_by("-year"),
        "books": BOOKS.values(),
        "appoints": appoints(user.reach, here.pk),
        "keeps": keeps(user.reach, here.pk),
    }
    return render(request, "speakers/place.html", context)
