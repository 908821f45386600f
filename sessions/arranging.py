"""Makes the agenda of a session from the template in force, and changes it block by block."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from cells.models import Lineage
from sessions.models import AgendaBlock, AgendaTemplate, AgendaTemplateBlock, Part, PlannedTheme, Session
from sessions.naming import roster_of
from sessions.recording import may_be_changed
from sessions.states import ChangedMeanwhile, State, locked

COPIED = ("part", "title", "planned_minutes", "method")
PLANNED_FIELDS = (*COPIED, "presenter_name", "is_spoken_only")
UP, DOWN = "up", "down"


class NotChangeable(Refused):
    def default(self):
        return _("Chương trình của buổi sinh hoạt này không sửa được nữa.")


class AlreadyWritten(Refused):
    """What was noted would be lost."""

    def default(self):
        return _("Đã ghi nội dung cho mục này. Hãy xóa phần đã ghi trước.")


class NothingToCopy(Refused):
    def default(self):
        return _("Chi bộ chưa có buổi nào trước đó có chương trình để chép.")


def may_be_arranged(session: Session) -> bool:
    return session.state == State.PLANNED or may_be_changed(session)


def template_for(cell: int, kind: str, day: dt.date) -> AgendaTemplate | None:
    """The nearest one in force, from the cell up the tree; last of all the one for everybody."""
    above = Lineage.unscoped.on(day).filter(descendant=cell)
    depths = dict(above.values_list("ancestor_id", "depth"))
    known = AgendaTemplate.unscoped.on(day).filter(Q(organisation=None) | Q(organisation__in=depths), kind=kind)
    nearest = sorted(known, key=lambda template: template.first_day, reverse=True)
    return min(nearest, key=lambda template: depths.get(template.organisation_id, len(depths) + 1), default=None)


def lay_out(session: Session) -> None:
    """The agenda of a new session; called within the transaction that plans it."""
    template = template_for(session.cell_id, session.kind, session.day)
    if template:
        put(session, template.blocks.all())
    name_presenter(session)


def name_presenter(session: Session, instead_of: str = "") -> None:
    """The first thematic block says who presents the planned theme, and how, unless somebody else was written there."""
    theme = PlannedTheme.unscoped.filter(session=session).select_related("method").first()
    block = session.agenda.filter(part=Part.THEMATIC).first()
    if theme is None or block is None or block.presenter_name not in {"", instead_of}:
        return
    block.presenter_name = presenter_of(theme, session)
    block.presenter_id = roster_of(session).get(block.presenter_name)
    block.method = theme.method.name if theme.method else block.method
    block.version += 1
    block.save(update_fields=["presenter_name", "presenter", "method", "version"])


def presenter_of(theme: PlannedTheme, session: Session) -> str:
    """As the roster of that day writes the name; of a theme without a presenter it is who prepares it."""
    person = theme.presenter or (None if theme.presenter_text else theme.preparer)
    if person is None:
        return theme.presenter_text or theme.preparer_text
    return next((name for name, known in roster_of(session).items() if known == person.pk), person.full_name)


def put(session: Session, items: Iterable) -> None:
    AgendaBlock.unscoped.bulk_create(
        AgendaBlock(session=session, position=position, **{name: getattr(item, name) for name in COPIED})
        for position, item in enumerate(items, 1)
    )


@transaction.atomic
def lay_out_again(session: Session, *, actor: User, request=None) -> None:
    """From the template of what the session is now."""
    session = begin(session)
    clear(session)
    lay_out(session)
    note("session.agenda_from_template", session, actor, request)


@transaction.atomic
def copy_last(session: Session, *, actor: User, request=None) -> None:
    """From the latest session of the same kind before it; who presented, and what, is not copied."""
    session = begin(session)
    source = last_with_agenda(session)
    if source is None:
        raise NothingToCopy
    clear(session)
    put(session, source.agenda.all())
    name_presenter(session)
    note("session.agenda_copied", session, actor, request, source=source.pk)


def last_with_agenda(session: Session) -> Session | None:
    earlier = Session.unscoped.filter(
        cell=session.cell_id, kind=session.kind, day__lt=session.day, agenda__isnull=False
    ).exclude(state=State.CANCELLED)
    return earlier.order_by("day", "pk").last()


def clear(session: Session) -> None:
    blocks = session.agenda.all()
    if any(is_written(block) for block in blocks):
        raise AlreadyWritten(_("Đã ghi nội dung cho một số mục. Hãy xóa phần đã ghi trước khi làm lại chương trình."))
    blocks.delete()


def is_written(block: AgendaBlock) -> bool:
    return bool(block.note) or block.minutes is not None


@transaction.atomic
def add_block(session: Session, fields: Mapping, *, actor: User, request=None) -> AgendaBlock:
    session = begin(session)
    block = AgendaBlock(session=session, version=0)
    store(block, fields)
    blocks = list(session.agenda.exclude(pk=block.pk))
    place = next((index for index, other in enumerate(blocks) if after(other, block)), len(blocks))
    number([*blocks[:place], block, *blocks[place:]])
    note("session.block_added", session, actor, request, block=block.pk)
    return block


PART_ORDER = {"opening": 0, "regular": 1, "thematic": 2, "closing": 3}


def after(other: AgendaBlock, block: AgendaBlock) -> bool:
    """A new block goes to the end of its part."""
    return PART_ORDER[other.part] > PART_ORDER[block.part]


@transaction.atomic
def change_block(block: AgendaBlock, fields: Mapping, *, version: int, actor: User, request=None) -> AgendaBlock:
    session = begin(block.session)
    block = AgendaBlock.unscoped.select_for_update().get(pk=block.pk)
    if block.version != version:
        raise ChangedMeanwhile
    if fields["is_spoken_only"] and block.note:
        raise AlreadyWritten
    store(block, fields)
    note("session.block_changed", session, actor, request, block=block.pk)
    return block


def store(block: AgendaBlock, fields: Mapping) -> None:
    for name in PLANNED_FIELDS:
        setattr(block, name, fields[name])
    block.presenter_id = roster_of(block.session).get(block.presenter_name)
    block.version += 1
    block.position = block.position or 1
    block.save()
    block.documents.set(fields["documents"])
    block.outlines.set(fields["outlines"])


@transaction.atomic
def move_block(block: AgendaBlock, direction: str, *, actor: User, request=None) -> None:
    """One place up or down; the first stays first and the last last."""
    session = begin(block.session)
    blocks = list(session.agenda.all())
    here = blocks.index(block)
    there = max(0, min(len(blocks) - 1, here + (1 if direction == DOWN else -1)))
    blocks.insert(there, blocks.pop(here))
    number(blocks)
    note("session.block_moved", session, actor, request, block=block.pk, position=there + 1)


@transaction.atomic
def remove_block(block: AgendaBlock, *, actor: User, request=None) -> None:
    session = begin(block.session)
    block = AgendaBlock.unscoped.select_for_update().get(pk=block.pk)
    if is_written(block):
        raise AlreadyWritten
    note("session.block_removed", session, actor, request, block=block.pk)
    block.delete()
    number(session.agenda.all())


def number(blocks: Iterable[AgendaBlock]) -> None:
    for position, block in enumerate(blocks, 1):
        if block.position != position:
            AgendaBlock.unscoped.filter(pk=block.pk).update(position=position)


@transaction.atomic
def keep_as_template(session: Session, day: dt.date, *, actor: User, request=None) -> AgendaTemplate:
    """From `day` on the cell's sessions of this kind begin with the agenda of this one."""
    session = locked(session)
    own = AgendaTemplate.unscoped.filter(organisation=session.cell_id, kind=session.kind)
    own.filter(first_day__gte=day).delete()
    own.on(day).update(last_day=day - dt.timedelta(days=1))
    source = _("Theo chương trình buổi ngày %s") % f"{session.day:%d/%m/%Y}"
    template = AgendaTemplate.unscoped.create(
        organisation_id=session.cell_id, kind=session.kind, first_day=day, source=source
    )
    AgendaTemplateBlock.unscoped.bulk_create(
        AgendaTemplateBlock(
            template=template, position=block.position, **{name: getattr(block, name) for name in COPIED}
        )
        for block in session.agenda.all()
    )
    note("session.agenda_made_template", session, actor, request, template=template.pk)
    return template


def begin(session: Session) -> Session:
    session = locked(session)
    if not may_be_arranged(session):
        raise NotChangeable
    return session


def note(action: str, session: Session, actor: User, request, **detail) -> None:
    record(action, actor=actor, target=session, detail=detail, request=request)
