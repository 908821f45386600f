"""What a session goes through, in order; and the templates that its agenda is made from."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import new_public_id
from cells.access import above_today
from cells.dated import DatedQuerySet, days_in_order
from cells.models import Organisation, Person
from resolutions.models import Document, Outline
from sessions.models.meeting import Session, SessionKind


class Part(models.TextChoices):
    OPENING = "opening", _("mở đầu")
    REGULAR = "regular", _("sinh hoạt định kỳ")
    THEMATIC = "thematic", _("sinh hoạt chuyên đề")
    CLOSING = "closing", _("kết thúc")


class AgendaItem(models.Model):
    """What a block of an agenda and of a template have in common; positions count from 1 within their owner."""

    position = models.PositiveSmallIntegerField()
    part = models.CharField(_("phần"), max_length=20, choices=Part)
    title = models.CharField(_("nội dung"), max_length=300)
    planned_minutes = models.PositiveSmallIntegerField(_("thời gian dự kiến (phút)"), default=0)
    method = models.CharField(_("hình thức trình bày"), max_length=100, blank=True)

    class Meta:
        abstract = True
        ordering = ["position", "id"]

    def __str__(self):
        return self.title


class AgendaTemplateQuerySet(DatedQuerySet):
    def for_user(self, user):
        """Those of everybody, and those of where the user stands and of the line above."""
        return self.filter(Q(organisation=None) | above_today(user.reach, "organisation", user.reach.own()))


class AgendaTemplate(models.Model):
    """The usual agenda of a kind of session from a day on: of an organisation and all below it, or of everybody.

    The nearest one in force, going up the tree, holds (`arranging.template_for`).
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="agenda_templates"
    )
    kind = models.CharField(_("loại"), max_length=20, choices=SessionKind)
    first_day = models.DateField(_("từ ngày"))
    last_day = models.DateField(_("đến ngày"), null=True, blank=True)
    source = models.CharField(_("căn cứ"), max_length=300, blank=True)

    unscoped = DatedQuerySet.as_manager()
    objects = AgendaTemplateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "first_day"],
                condition=Q(organisation__isnull=False),
                name="agenda_template_key",
            ),
            models.UniqueConstraint(
                fields=["kind", "first_day"],
                condition=Q(organisation__isnull=True),
                name="agenda_template_for_all_key",
            ),
            days_in_order("agenda_template"),
        ]


class AgendaTemplateBlock(AgendaItem):
    template = models.ForeignKey(AgendaTemplate, on_delete=models.CASCADE, related_name="blocks")

    unscoped = models.Manager()


class AgendaBlockQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(session__in=Session.objects.for_user(user))


class AgendaBlock(AgendaItem):
    """One item of a session's agenda, and what came of it.

    Planned: part, title, planned_minutes, method, presenter, documents, outlines. Told afterwards: presenter and
    method as they were, minutes, note. `presenter_name` is what was typed, `presenter` the person of the cell of that
    name, if there is one. Where `is_spoken_only` ("phổ biến trực tiếp, không ghi") nothing is noted: minutes print a
    placeholder. Members and boards see what was planned, without names for boards; never the note.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="agenda")
    presenter = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    presenter_name = models.CharField(_("người trình bày"), max_length=150, blank=True)
    documents = models.ManyToManyField(Document, blank=True, related_name="agenda_blocks")
    outlines = models.ManyToManyField(Outline, blank=True, related_name="agenda_blocks")
    is_spoken_only = models.BooleanField(_("phổ biến trực tiếp, không ghi"), default=False)
    minutes = models.PositiveSmallIntegerField(_("thời gian thực tế (phút)"), null=True, blank=True)
    note = models.TextField(_("nội dung đã trình bày"), blank=True)
    version = models.PositiveIntegerField(default=1)

    unscoped = models.Manager()
    objects = AgendaBlockQuerySet.as_manager()

    class Meta(AgendaItem.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(is_spoken_only=False) | Q(note=""), name="agenda_spoken_only_unwritten")
        ]
