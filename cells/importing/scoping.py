"""How far a committee may import: what stands below it today. What lies elsewhere is told as if it were not there."""

from functools import cached_property

from django.utils.translation import gettext as _

from accounts.text import clean_line
from cells.exchange.planning import Plan
from cells.exchange.reading import RawSheet
from cells.models import Lineage, Membership, Organisation, Person, Role
from cells.reach import Reach
from cells.workbook import OrganisationsSheet


class Below:
    """Organisations below a committee and the people on their rosters; what cells alone record is not for it."""

    def __init__(self, reach: Reach, raw_sheets: list[RawSheet]):
        tops = reach.at({Role.COMMITTEE})
        below = Lineage.unscoped.on(reach.day).filter(ancestor__in=tops)
        self.tops = set(Organisation.unscoped.filter(pk__in=tops).values_list("code", flat=True))
        self.below = set(below.values_list("descendant__code", flat=True)) - self.tops
        self.known = set(Organisation.unscoped.values_list("code", flat=True))
        self.fresh = {code for raw in raw_sheets for code in codes_of(raw)} - self.known  # what the file founds

    @property
    def places(self) -> set[str]:
        return self.tops | self.below | self.fresh

    @cached_property
    def strangers(self) -> set[str]:
        spans = Membership.unscoped.values_list("person__code", "cell__code")
        own = {person for person, cell in spans if cell in self.below}
        return set(Person.unscoped.values_list("code", flat=True)) - own

    def strange(self, title: str, values: dict, before: dict | None, plan: Plan) -> tuple[str, str] | None:
        if title == OrganisationsSheet.title:
            return self.strange_organisation(values)
        if "session" in values or ("cell" in values and "person" not in values):
            return ("session" if "session" in values else "code"), _("phần này do chi bộ ghi, cấp ủy không nhập thay")
        if "conference" in values and self.holder(values["conference"], plan) not in self.places:
            return "conference", _("không có hội nghị mang mã này")
        for name in ("cell", "organisation"):
            if values.get(name) and values[name] not in self.places:
                return name, outside()
        if before and before.get("organisation") and before["organisation"] not in self.places:
            return ("code" if "code" in values else "organisation"), _("mã này không dùng được")
        if values.get("person") in self.strangers:
            return "person", _("mã này không dùng được; chỉ ghi đảng viên thuộc các chi bộ trực thuộc")
        return None

    def holder(self, conference: str, plan: Plan) -> str | None:
        return plan.parts["conferences"].get(conference, {}).get("organisation")

    def strange_organisation(self, values: dict) -> tuple[str, str] | None:
        code, successor = values["code"], values.get("successor")
        if code in self.known and code not in self.below:
            return "code", outside()
        if "parent" in values and values["parent"] not in self.places:
            return "parent", outside()
        if successor and successor not in self.places - self.tops:
            return "successor", outside()
        return None


def codes_of(raw: RawSheet) -> set[str]:
    headings = raw.rows[0][1:] if raw.rows else []
    if clean_line(raw.title) != OrganisationsSheet.title or "Mã" not in headings:
        return set()
    place = headings.index("Mã") + 1
    return {str(row[place]).strip() for row in raw.rows if len(row) > place and row[place] is not None}


def outside() -> str:
    return _("ngoài phạm vi của đồng chí: chỉ nhập được tổ chức trực thuộc và đảng viên, hoạt động của các tổ chức đó")
