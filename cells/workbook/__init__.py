"""The sheets of organisations and members in the exchange workbook (workbook.md)."""

from cells.workbook.members import MembersSheet, as_person, person_ids
from cells.workbook.organisations import OrganisationsSheet, organisation_ids
from cells.workbook.spans import refuse_backward_days

__all__ = [
    "MembersSheet",
    "OrganisationsSheet",
    "as_person",
    "organisation_ids",
    "person_ids",
    "refuse_backward_days",
]
