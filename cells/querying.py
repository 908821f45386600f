"""What the address bars of the pages of organisations and rosters may say."""

from functools import reduce
from operator import and_

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.fields import CleanCharField, DayField
from accounts.querying import QueryForm
from accounts.text import folded


def named_like(text: str, column: str = "search") -> Q:
    """Names with every word of the text, in any order and without marks: `dinh tan` finds `Tân Định`."""
    return reduce(and_, (Q(**{f"{column}__contains": word}) for word in folded(text).split()), Q())


class OrganisationQuery(QueryForm):
    """Which organisations, and as the tree stood on which day."""

    search = CleanCharField(label=_("Tìm theo tên"), max_length=100, required=False, initial="")
    day = DayField(label=_("Xem theo cơ cấu ngày"), required=False)

    def get_initial_for_field(self, field, field_name):
        return timezone.localdate() if field_name == "day" else super().get_initial_for_field(field, field_name)

    @property
    def is_past(self) -> bool:
        return self.values["day"] != timezone.localdate()
