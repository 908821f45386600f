"""What has to be so before a task of a roster can be carried out on the person of the own cell."""

import datetime as dt

from django.utils import timezone

from cells import moving
from cells.models import Leaving, Membership, Person, Standing, Status
from tests.factories import MembershipFactory, PersonFactory


def put_away(person: Person, world) -> None:
    Membership.unscoped.filter(person=person).update(status=Status.AWAY)


def put_on_probation(person: Person, world) -> None:
    Membership.unscoped.filter(person=person).update(standing=Standing.PROBATIONARY)


def let_go(person: Person, world) -> None:
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Membership.unscoped.filter(person=person).update(last_day=yesterday, leaving=Leaving.TRANSFERRED)


def enter_twice(person: Person, world) -> None:
    twin = PersonFactory(full_name=person.full_name, public_id=TWIN)
    MembershipFactory(person=twin, cell=world["own_cell"].organisation, first_day=timezone.localdate())


def change(person: Person, world) -> None:
    moving.turn_to(person, Status.EXEMPT, day=timezone.localdate(), actor=world.users["secretary"])


TWIN = "11111111-2222-4333-8444-555555555555"
TODAY = f"{timezone.localdate():%d/%m/%Y}"
STATES = {
    "cells:bring_back": put_away,
    "cells:make_official": put_on_probation,
    "cells:confirm_arrival": let_go,
    "cells:merge_person": enter_twice,
    "cells:undo_roster": change,
}
FILLED_IN = {
    "cells:add_member": {"full_name": "Hoàng Thị Mới", "birth": "1980", "code": "DV-MOI", "day": TODAY},
    "cells:amend_person": {"phone": "0912 345 678"},
    "cells:transfer": {"cell": "1.1.2", "day": TODAY},
    "cells:send_away": {"cell": "1.1.2", "day": TODAY},
    "cells:bring_back": {"day": TODAY},
    "cells:turn_to": {"status": Status.EXEMPT, "day": TODAY},
    "cells:make_official": {"day": TODAY},
    "cells:leave": {"leaving": Leaving.OTHER, "day": TODAY},
    "cells:confirm_arrival": {"day": TODAY},
    "cells:correct_span": {"last_day": TODAY, "reason": "Ghi nhầm ngày"},
    "cells:merge_person": {"other": TWIN, "version": "1"},
}


def prepare(name: str, world) -> None:
    if name in STATES:
        STATES[name](Person.unscoped.get(public_id=world["own_cell"].objects["person"]), world)
