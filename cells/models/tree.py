"""The dated tree of organisations, and the bodies attached to them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import new_public_id
from accounts.text import folded, title_key
from cells.dated import FOREVER, DatedQuerySet, days_in_order


class Kind(models.TextChoices):
    PROVINCE = "province", _("đảng bộ tỉnh")
    BLOC = "bloc", _("đảng bộ khối")
    DISTRICT = "district", _("đảng bộ huyện")
    COMMUNE = "commune", _("đảng bộ xã")
    GRASSROOTS_COMMITTEE = "grassroots_committee", _("đảng bộ cơ sở")
    SECTIONAL_COMMITTEE = "sectional_committee", _("đảng bộ bộ phận")
    GRASSROOTS_CELL = "grassroots_cell", _("chi bộ cơ sở")
    CELL = "cell", _("chi bộ")


CELL_KINDS = frozenset({Kind.GRASSROOTS_CELL, Kind.CELL})


class OrganisationQuerySet(models.QuerySet):
    def for_user(self, user):
        from cells import access  # it asks these models, so it cannot come before them

        return self if user.reach.is_administrator else self.filter(access.organisations(user.reach))


class Organisation(models.Model):
    """A cell or committee through all its names, kinds and places in the tree; those are its periods."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    code = models.CharField(_("mã"), max_length=60, unique=True)
    successor = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="predecessors",
        verbose_name=_("kế tục bởi"),
    )
    version = models.PositiveIntegerField(default=1)

    unscoped = models.Manager()
    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(successor=F("id")), name="organisation_not_own_successor")]

    def __str__(self):
        return self.code

    @property
    def audit_place(self) -> int:
        return self.pk


class OrganisationPeriod(models.Model):
    """What an organisation was called, which kind it was and where it hung, for a span of days."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="periods")
    name = models.CharField(_("tên"), max_length=250)
    kind = models.CharField(_("loại"), max_length=30, choices=Kind)
    parent = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="child_periods",
        verbose_name=_("trực thuộc"),
    )
    first_day = models.DateField(_("từ ngày"))
    last_day = models.DateField(_("đến ngày"), null=True, blank=True)
    decision = models.CharField(_("quyết định"), max_length=250, blank=True)
    search = models.CharField(max_length=250, editable=False, default="")
    sort_key = models.CharField(max_length=700, editable=False, default="")

    unscoped = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["first_day"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "first_day"], name="period_key"),
            models.CheckConstraint(condition=~Q(parent=F("organisation")), name="period_not_own_parent"),
            days_in_order("period"),
        ]

    def __str__(self):
        return self.name

    def save(self, **options):
        self.search, self.sort_key = name_keys(self.name).values()
        super().save(**options)

    @property
    def is_cell(self) -> bool:
        return self.kind in CELL_KINDS


def name_keys(name: str) -> dict[str, str]:
    """By what a name is found and ordered; for writers that go past `save`."""
    return {"search": folded(name), "sort_key": title_key(name)[:700]}


class LineageQuerySet(models.QuerySet):
    def on(self, day):
        return self.filter(first_day__lte=day, last_day__gte=day)

    def under(self, organisation, day):
        """The rows of `under(O, d)` of figures.md: O itself (depth 0) and everything below it on that day."""
        return self.on(day).filter(ancestor=organisation)


class Lineage(models.Model):
    """The dated closure: `descendant` hung `depth` steps below `ancestor` on each of these days.

    Derived from the periods by `cells.lineage` and by nothing else. `is_cell` says what the descendant was.
    Open spans end on `FOREVER`, so that a join needs no test for null.
    """

    ancestor = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="descents")
    descendant = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="ancestries")
    depth = models.PositiveSmallIntegerField()
    is_cell = models.BooleanField()
    first_day = models.DateField()
    last_day = models.DateField(default=FOREVER)

    unscoped = LineageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ancestor", "descendant", "first_day"], name="lineage_key"),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="lineage_days_in_order"),
        ]
        indexes = [
            models.Index(fields=["descendant", "first_day", "last_day", "ancestor"], name="lineage_upwards"),
        ]


class FunctionQuerySet(DatedQuerySet):
    def for_user(self, user):
        return self.filter(organisation__in=Organisation.objects.for_user(user).values("pk"))


class OrganisationFunction(models.Model):
    """A body attached to a committee for a time, such as its propaganda board under the name it then bore."""

    class Function(models.TextChoices):
        PROPAGANDA = "propaganda", _("tuyên giáo")
        OFFICE = "office", _("văn phòng")
        INSPECTION = "inspection", _("kiểm tra")

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="functions")
    function = models.CharField(max_length=20, choices=Function)
    body_name = models.CharField(_("tên cơ quan"), max_length=250)
    first_day = models.DateField(_("từ ngày"))
    last_day = models.DateField(_("đến ngày"), null=True, blank=True)

    version = models.PositiveIntegerField(default=1)

    unscoped = FunctionQuerySet.as_manager()
    objects = FunctionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "function", "first_day"], name="function_key"),
            days_in_order("function"),
        ]

    def __str__(self):
        return self.body_name
