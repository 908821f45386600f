"""A form writes what it asks for, whatever else is sent along and under whatever name; and it leaves a trace."""

import datetime as dt
import re
import uuid
from collections import defaultdict

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.utils import timezone

from accounts.actions import ACTIONS
from accounts.inviting import invite
from accounts.models import AuditEntry, AuditValues, IdempotencyKey, LoginAttempt, User
from sessions.models import AnnouncedAbsence, Attendance, CalendarFeed, Mark, Session, SessionKind, ThematicPlan
from speakers.rotating import following
from tests.access import roster_states
from tests.access.asking import address_of, ask, tried
from tests.access.fields import Filled, form_parameters
from tests.access.policy import POLICY, writer_of
from tests.access.sampling import in_parts
from tests.access.test_fuzz import escaped
from tests.factories import PersonFactory, ThematicPlanFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]

OURS = ("accounts", "cells", "speakers", "resolutions", "cell_sessions", "reports")
NOT_COMPARED = (IdempotencyKey, LoginAttempt, AuditValues)
BY_CHANCE = (models.DateTimeField, models.UUIDField, models.JSONField)
OTHER_NAMES = ("org", "cell_id", "role", "roles", "is_staff", "is_superuser", "created_by", "actor", "user", "pk")
OLD, NEW = "mot cau cu de nho", "mot cau moi khac han"
# They write what only allauth and the session keep, or only with a code of the moment: tests/accounts tries those.
WITH_CODES = {name for name in POLICY if name.startswith("mfa_")} | {
    *("account_reauthenticate", "accounts:end_log_in", "accounts:log_in_ends"),
    *("accounts:one_time_code", "accounts:new_password", "accounts:confirm_second_factor_reset"),
}
WITH_CODES |= {"cells:invitation"}
# By a code of the moment, or with a new secret: tests/sessions/test_preparing.py tries those.
WITH_CODES |= {"sessions:check_in", "sessions:renew_calendar"}
WITH_CODES |= {
    "resolutions:make_site_link",
    "resolutions:make_site_links",
}  # so does tests/resolutions/test_gathering.py
# Only on the first day, while there is nothing yet: tests/reports/test_first_start.py tries those.
FIRST_DAY = {
    "reports:first_administrator",
    "reports:first_organisation",
    "reports:first_cells",
    "reports:take_back_first_cells",
    "reports:remove_sample",
}
# Open for an hour after a reason went on record: tests/cells/test_person_data.py does so.
AFTER_A_REASON = {"cells:anonymise", "cells:correct_personal_data"}
# Freeze what was read, told by its digest, or take a file: tests/sessions/test_papers.py does so.
PAPERS = {"reports:sign", "reports:add_scan", "reports:release_scan"}  # tests/reports/test_papers.py
PAPERS |= {
    f"sessions:{page}" for page in ("adopt_minutes", "adopt_resolution", "correct_paper", "add_scan", "release_scan")
}
WRITING = [
    name for name, page in POLICY.items() if page.post and name not in WITH_CODES | FIRST_DAY | AFTER_A_REASON | PAPERS
]
LOG_IN = ("accounts:login", "account_login")

# These write nothing without one; tests/cells/test_imports.py and tests/sessions/test_preparing.py send some.
TAKES_A_FILE = {"cells:import_upload", "resolutions:import_sites", "sessions:attach_sheet", "speakers:upload_rules"}
NOTHING_NEW = {
    "sessions:work_out_again",  # the numbers are the same; tests/sessions/test_rating.py has others
    "resolutions:add_child_sites",  # nothing stands below a cell; tests/resolutions/test_gathering.py has a committee
    "reports:retry_run",  # none has failed; tests/reports/test_running.py has one
}
# Every other write is on record: not what is typed and not yet done, nor who takes a quiz (domain.md, section 7).
LEAVES_NO_TRACE = {"cells:reorganisation_choose", "cells:reorganisation_fill", "resolutions:quiz"}
FILLED_IN = {
    "cells:import_confirm": {"plan": "1"},
    **roster_states.FILLED_IN,
    **{name: {"username": "speaker", "password": OLD} for name in LOG_IN},
    "accounts:password": {"old_password": OLD, "new_password1": NEW, "new_password2": NEW},
    "accounts:mail_address": {"email": "moi@thu.example", "password": OLD},
    "accounts:make_reset_code": {"username": "speaker"},
    "cells:personal_data": {"code": "DV-GAN", "reason": "Theo đơn của người ấy"},
    "cells:reorganise": {"kind": "found", "organisation": ""},
    "accounts:second_factor_resets": {"username": "speaker"},
    "cells:new_account": {"full_name": "Lê Văn Mới", "organisation": "1.1.1", "role": "minute_taker"},
    "cells:account_post": {"organisation": "1.1.1", "role": "minute_taker"},
    "cells:account_tie": {"code": "DV-GAN"},
    "cells:post_give": {"who": "new", "full_name": "Lê Văn Mới", "role": "minute_taker"},
    "cells:hand_over": {"who": "new", "full_name": "Lê Văn Mới"},
    "sessions:plan": {"kind": SessionKind.EXTRAORDINARY, "place": "Nhà văn hóa"},
    "sessions:change_plan": {"place": "Trụ sở mới"},
    "sessions:close": {"start": "14:00", "end": "16:30", "guests": "2"},
    "cells:take_number": {"document_type": "NQ", "subject": "Về việc chung", "day": "01/02/2024"},
    "reports:lay": {"day": "12/01/2025", "reason": "Ghi nhầm ngày"},
    "reports:take_back_laying": {"reason": "Ghi nhầm ngày"},
    "cells:cancel_number": {"reason": "Ghi nhầm loại văn bản"},
    "cells:make_term": {"ordinal": "XV", "first_day": "01/01/2015", "last_day": "31/12/2019"},
    "cells:change_term": {"symbol": "CBX"},
    "cells:continue_register": {"document_type": "NQ", "last_number": "16"},
    "sessions:add_block": {"title": "Mục mới"},
    "sessions:change_block": {"title": "Mục khác"},
    "sessions:move_block": {"direction": "up"},
    "sessions:record": {"summary": "Thảo luận sôi nổi"},
    "sessions:save_record": {"summary": "Thảo luận sôi nổi"},
    "sessions:add_vote": {"subject": "Nghị quyết", "in_favour": "1"},
    "sessions:change_vote": {"subject": "Nghị quyết khác"},
    "sessions:give_task": {"title": "Việc mới"},
    "sessions:change_task": {"title": "Việc khác"},
    "sessions:tell_task": {"state": "done"},
    "cells:functions": {"function": "office", "body_name": "Văn phòng", "first_day": "01/02/2024"},
    "cells:function": {"body_name": "Ban Xây dựng Đảng", "first_day": "01/02/2024"},
    "sessions:reopen": {"reason": "Ghi nhầm một người"},
}

DAYS = {"first_day": "01/09/2024", "last_day": "30/09/2024"}
DECIDED = {"decision_number": "5-QĐ", "decision_date": "01/09/2024", "level": "province", **DAYS}
FILLED_IN |= {
    "speakers:announce": DAYS,
    "speakers:change_level": {"source": "Văn bản khác"},
    "speakers:appoint": {"full_name": "Lê Văn Mới", **DECIDED},
    "speakers:correct": DECIDED,
    "speakers:end": {"reason": "Nghỉ hưu", "day": "30/09/2025"},
    "speakers:begin_review": {"year": "2023"},
    "speakers:make_team": {"name": "Đội mới", **DAYS},
    "speakers:change_team": {"name": "Đội khác"},
    "speakers:add_record": {"audience": "speakers", "name": "Lớp mới", "enrolled": "2", "completed": "1", **DAYS},
    "speakers:change_record": {"name": "Lớp khác"},
    "speakers:remove_record": {"version": "1"},
    "speakers:decide": {"verdict": "end", "reason": "Nghỉ hưu"},
    "speakers:finish_review": {"day": "01/09/2024", "decision_number": "9-QĐ"},
    "speakers:change_member": {"fields_text": "kinh tế"},
    "speakers:turns": {},
    "speakers:register": {"month": f"{following(timezone.localdate(), 4):%Y-%m}"},
    "speakers:accept": {"version": "1"},
    "speakers:withdraw": {"version": "1"},
    "speakers:decline": {"reason": "Đi công tác"},
    "speakers:answer_swap": {"answer": "yes"},
}


FILLED_IN |= {
    "sessions:holidays": {"day": "05/05/2098", "name": "Ngày nghỉ thêm"},
    "sessions:change_holiday": {"name": "Tên khác"},
    "sessions:remove_holiday": {"version": "1"},
    "sessions:new_national_rule": {"number": "7", "source": "Văn bản mới"},
    "sessions:new_rule": {"number": "7", "source": "Nghị quyết", "reason": "Làm ca"},
    "sessions:change_rule": {"number": "9"},
    "reports:new_target": {"source": "Nghị quyết"},
    "reports:change_target": {"number": "95"},
    "sessions:edit_year_plan": {"themes-0-title": "Học tập và làm theo Bác"},
    "sessions:accept_year_plan": {"version": "1"},
    "sessions:return_year_plan": {"reason": "Thiếu quý III"},
    "sessions:move_theme": {"month": "3", "reason": "Bận diễn tập"},
}
FILLED_IN |= {
    "sessions:announce_absence": {"reason": "ốm"},
    "sessions:tick": {"item": "materials", "is_ready": "yes"},
    "sessions:assign": {"chair_name": "Trần CNabsent03x"},
    "sessions:postpone": {"day": f"{timezone.localdate() + dt.timedelta(days=3):%d/%m/%Y}", "reason": "Trùng hội nghị"},
    "sessions:cancel": {"reason": "Trùng hội nghị"},
    "sessions:remove_sheet": {"reason": "Ảnh mờ"},
}
LINKED = {"link": "https://video.example/1", "is_attested": "on"}
FILLED_IN |= {
    "resolutions:add": {
        "symbol": "77-KL/TU",
        "type": "KL",
        "issuer": "Tỉnh ủy",
        "term": "khóa XX",
        "issued_on": "01/02/2024",
        "subject": "Về việc mới",
        "valid_from": "",
        "valid_to": "",
        "version": "",
    },
    "resolutions:amend": {"subject": "Về việc khác"},
    "resolutions:withdraw": {"reason": "Đưa lên nhầm"},
    "resolutions:withdraw_outline": {"reason": "Đưa lên nhầm"},
    "resolutions:add_outline": {"title": "Đề cương", "audience": "members", **LINKED},
    "resolutions:new_edition": LINKED,
    "resolutions:handover_enter": {"copies": "2", "handed_by": "Lê Giao", "received_by": "Lê Nhận"},
    "resolutions:handover_returned": {"returned_on": "01/12/2024"},
    "resolutions:handover_cancel": {"cancelled": "mistake"},
}
FILLED_IN |= {
    "resolutions:plan_conference": {
        "subject": "Học nghị quyết",
        "level": "cell",
        "mode": "hybrid",
        "day": "01/03/2024",
        "expected": "12",
    },
    "resolutions:change_conference": {"subject": "Học nghị quyết khác", "level": "cell"},
    "resolutions:postpone_conference": {"day": "01/03/2025", "reason": "Trùng lịch"},
    "resolutions:cancel_conference": {"reason": "Trùng lịch"},
    "resolutions:hold_conference": {"present": "38"},
    "resolutions:add_site": {"name": "Điểm cầu mới"},
    "resolutions:change_site": {"name": "Điểm cầu khác"},
    "resolutions:remove_site": {"version": "1"},
    "resolutions:site": {"present": "19"},
    "resolutions:site_roll_call": {"others": "3"},
    "resolutions:host_roll_call": {"others": "3"},
    "resolutions:change_conference_rule": {"number": "200"},
    "resolutions:add_question": {"text": "Mấy?", "kind": "single", "option-1": "1", "option-2": "2", "right-1": "on"},
    "resolutions:change_question": {"text": "Mấy nhỉ?", "right-1": "on", "right-2": ""},
    "resolutions:withdraw_question": {"version": "1"},
    "resolutions:add_tally": {"year": "2022", "level": "commune", "number": "800", "source": "Báo cáo"},
    "resolutions:change_tally": {"number": "801"},
    "resolutions:remove_tally": {"version": "1"},
    "resolutions:give_follow_up": {"kind": "survey", "title": "Khảo sát", "whom": "host", "due": "01/09/2024"},
    "resolutions:give_for_document": {"kind": "survey", "title": "Khảo sát", "whom": "host", "due": "01/09/2024"},
    "resolutions:change_follow_up": {"title": "Nộp bài khác"},
    "resolutions:waive_follow_up": {"reason": "Đã làm ở nơi khác"},
    "resolutions:reopen_follow_up": {"reason": "Thiếu phụ lục"},
    "resolutions:inspected_follow_up": {"day": "02/09/2024"},
    "resolutions:finish_follow_up": {"link": "https://video.example/1"},
}
FILLED_IN |= {
    "sessions:rate_by": {"points-1": "60"},
    "sessions:save_rating": {"points-1": "60"},
    "sessions:tick_handbook": {"item": "minutes", "is_ready": "on"},
    "sessions:change_rubric": {
        "kinds": "regular",
        "line-0-group": "Kết quả",
        "line-0-title": "Kết quả chung",
        "line-0-max_points": "100",
    },
}
FILLED_IN |= {
    "reports:write": {"shortcomings": "Còn vắng nhiều"},
    "reports:save_texts": {"shortcomings": "Còn vắng nhiều"},
    "reports:new_layout": {"source": "Văn bản mới", "first_day": "01/01/2099"},
    "reports:new_route": {"source": "Quy chế mới", "first_day": "01/01/2099"},
    "reports:send_back": {"reason": "Thiếu số liệu hội nghị"},
    "reports:reminders": {},
    "reports:new_obligation_rule": {"source_note": "Quy chế", "first_day": "01/01/2040"},
    "reports:change_obligation_rule": {"source_note": "Quy chế mới"},
    "reports:waive": {"reason": "Đi diễn tập"},
    "reports:take_back_waiver": {"reason": "Đã về"},
}
PLAN_STATES = {"edit": "draft", "copy": "draft", "register": "draft"}


@pytest.mark.parametrize("name", in_parts(WRITING, 3, "extra fields"))
def test_what_the_form_does_not_ask_for_changes_nothing(name, world):
    prepare(world)
    prepare_plan(world, name)
    prepare_absences(world, name)
    roster_states.prepare(name, world)
    address = address_of(name, world[POLICY[name].tried_at].objects.get(POLICY[name].of))
    client = Client()
    if name not in LOG_IN:
        client.force_login(world.users[writer_of(name)])
    data = filled(name, address, client, world) | FILLED_IN.get(name, {}) | chosen(name, world)
    extra = {field: value for field, value in foreign_values(world).items() if field not in asked_for(name, data)}

    alone = changes_of(client, address, data)
    with_extra = changes_of(client, address, extra | data)

    assert alone or name in {"accounts:logout", *TAKES_A_FILE, *NOTHING_NEW}  # it did write
    assert with_extra == alone
    assert traces(alone) or name in {"accounts:logout", *TAKES_A_FILE, *NOTHING_NEW, *LEAVES_NO_TRACE}


def traces(changes: list[tuple]) -> list[str]:
    """The actions that the trail tells of; each by somebody and under a name that people read."""
    told = [value for model, _row, field, value in changes if (model, field) == ("AuditEntry", "action")]
    assert set(told) <= ACTIONS.keys()
    return told


def chosen(name: str, world) -> dict[str, str]:
    """Of lists that begin with an empty line."""
    return {"person": str(world["own_cell"].objects["person"])} if name == "speakers:add_member" else {}


def prepare(world) -> None:
    """So that each form can be carried out: a password, everybody marked, a closing that may still be taken back."""
    for name in ("speaker", "secretary"):
        world.users[name].set_password(OLD)
        world.users[name].save()
    PersonFactory(code="DV-GAN")
    invited = User.objects.get(public_id=world["own_cell"].objects["account"])
    invited.set_unusable_password()
    invited.save()
    invite(invited, actor=world.users["administrator"])
    world_session = Session.unscoped.get(public_id=world["own_cell"].objects["open_session"])
    Attendance.unscoped.filter(session=world_session, mark="").update(mark=Mark.PRESENT)


SENT_FROM = {"sessions:save_draft": "sessions:roll_call", "sessions:save_record": "sessions:record"}
SENT_FROM |= {"sessions:save_rating": "sessions:rate_by", "reports:save_texts": "reports:write"}
SENT_FROM |= {"reports:take_wording": "reports:wordings"}
SENT_FROM |= {"reports:remove_target": "reports:change_target"}


def prepare_plan(world, name: str) -> None:
    """In the state in which this can be done; to be copied, last year's stands beside an empty one."""
    action = name.removeprefix("sessions:").partition("_")[0]
    plan = ThematicPlan.unscoped.get(cell=world["own_cell"].organisation)
    plan.state = PLAN_STATES.get(action, "registered")
    plan.save()
    if action == "copy":
        earlier = ThematicPlanFactory(cell=plan.cell, year=plan.year - 1)
        plan.themes.update(plan=earlier)


def prepare_absences(world, name: str) -> None:
    """The planned session is still to come, and its member has asked leave where that is taken back."""
    CalendarFeed.unscoped.get_or_create(user=world.users["secretary"], defaults={"secret": "x"})
    if "absence" not in name:
        return
    member = world.users["member"]
    session = Session.unscoped.get(public_id=world["own_cell"].objects["planned_session"])
    session.day = timezone.localdate() + dt.timedelta(days=1)
    session.save()
    if name in {"sessions:withdraw_absence", "sessions:remove_absence"}:
        AnnouncedAbsence.unscoped.create(session=session, person=member.person, reason="ốm", announced_by=member)
    FILLED_IN["sessions:remove_absence"] = {"person": str(member.person.public_id)}
    FILLED_IN["sessions:absences"] = {"person": member.person.full_name, "reason": "ốm"}


def filled(name: str, address: str, client, world) -> dict[str, str]:
    page = SENT_FROM.get(name, name)
    if not POLICY[page].get:
        return {}
    data = Filled(
        ask(client, "GET", address_of(page, world[POLICY[page].tried_at].objects.get(POLICY[page].of))).body.decode()
    ).data
    marks = {field: Mark.PRESENT_ONLINE for field in data if field.startswith("mark-")}
    return {field: value for field, value in data.items() if field not in {"all_present", "next"}} | marks


def asked_for(name: str, data: dict) -> set[str]:
    """Names that mean something to this form; those of other forms are as foreign as those of models."""
    return (
        data.keys()
        | {"next", "csrfmiddlewaretoken", "form_key"}
        | (form_parameters() if name == "sessions:plan" else set())
    )


def foreign_values(world) -> dict[str, str]:
    foreign = world["foreign_cell"].organisation
    found = dict.fromkeys(OTHER_NAMES, str(foreign.pk))
    for model in our_models():
        for field in model._meta.concrete_fields:
            found[field.name] = found[field.attname] = value_for(field, world)
    return found


def value_for(field: models.Field, world) -> str:
    if field.related_model:
        person = field.related_model._meta.model_name == "user"
        return str(world.users["stranger"].pk if person else world["foreign_cell"].organisation.pk)
    if isinstance(field, models.BooleanField):
        return "True"
    if isinstance(field, models.IntegerField):
        return "77"
    if isinstance(field, models.DateField):
        return f"{timezone.localdate() - dt.timedelta(days=400):%d/%m/%Y}"
    if field.choices:
        return str(list(dict(field.flatchoices))[-1])
    return "cancelled" if field.name == "state" else "gài thêm"


def our_models():
    return [model for label in OURS for model in apps.get_app_config(label).get_models() if model not in NOT_COMPARED]


def changes_of(client, address: str, data: dict[str, str]) -> list[tuple]:
    """[(model, row, field, value)] of what differs afterwards, less what chance and the clock decide."""
    body = "&".join(
        f"{escaped(field)}={escaped(str(value))}" for field, value in (data | {"form_key": str(uuid.uuid4())}).items()
    )
    with tried():
        before = everything()
        ask(client, "POST", address, body, keeps=True)
        after = everything()
    return sorted(
        (model, row, field, value)
        for model, rows in after.items()
        for row, values in rows.items()
        for field, value in values.items()
        if before[model].get(row, {}).get(field, MISSING) != value
    )


MISSING = "-"


def everything() -> dict[str, dict]:
    found = defaultdict(dict)
    for model in our_models():
        fields = [field for field in model._meta.concrete_fields if is_compared(model, field)]
        for number, row in enumerate(
            model._base_manager.order_by("pk").values_list(*[field.attname for field in fields])
        ):
            names = [field.attname for field in fields]
            found[model.__name__][number] = dict(zip(names, map(settled, row), strict=True))
    return found


def settled(value) -> str:
    """By chance: names until somebody invited has chosen one, what stands for a file, codes given by chance."""
    return re.sub(r"\b(?:(moi|link)-[0-9a-f]{32}|(NR|HN)-[0-9A-F]{10,12})", r"\1\2-", str(value))


def is_compared(model, field: models.Field) -> bool:
    if field.primary_key or isinstance(field, BY_CHANCE):
        return False
    if model is AuditEntry:
        return field.name in {"action", "object_kind", "actor"}
    return (model, field.name) not in {(Session, "code")} and field.name not in {"password", "entry", "digest"}
