"""Many organisations at once, with the closure built a single time."""

import datetime as dt

from cells import lineage
from cells.models import Kind, Organisation, OrganisationPeriod

START = dt.date(2020, 1, 1)


def make_places(parent: Organisation, kind: Kind, count: int, prefix: str) -> list[Organisation]:
    made = Organisation.unscoped.bulk_create(Organisation(code=f"{prefix}{number}") for number in range(count))
    OrganisationPeriod.unscoped.bulk_create(
        OrganisationPeriod(organisation=one, parent=parent, kind=kind, name=f"Đơn vị {one.code}", first_day=START)
        for one in made
    )
    lineage.rebuild()
    return made
