"""Who is meant, for those who may read no roster of members: by code and name together, never by a search."""

from django.utils.translation import gettext as _

from accounts.identifiers import new_public_id
from accounts.refusing import Refused
from accounts.text import folded
from cells.models import Person
from cells.workbook.members import as_person


def person_named(code: str, full_name: str) -> Person:
    """The person of this code, if the name is theirs. Without a code it is somebody on no roster, entered anew."""
    if not code:
        public_id = new_public_id()
        person = as_person(f"NR-{public_id.hex[-10:].upper()}", {"full_name": full_name, "birth": None, "sex": ""})
        person.public_id = public_id
        person.save()
        return person
    person = Person.unscoped.filter(code__iexact=code).first()
    if person is None or folded(person.full_name) != folded(full_name):
        # One answer to both, so that codes cannot be tried out for names.
        raise Refused(_("Không có ai mang mã và họ tên này. Hãy xem lại cả hai, hoặc để trống mã nếu là người ngoài."))
    return person
