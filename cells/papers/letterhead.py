"""Whose paper it is: the names in the header, who signs and who receives (HD 05-HD/VPTW)."""

from django.utils.translation import gettext as _

from cells.models import Kind

# A committee signs under the name of its elected body: "Đảng bộ tỉnh X" writes as "Tỉnh ủy X".
BODIES = {
    Kind.PROVINCE: {"đảng bộ tỉnh": "Tỉnh ủy", "đảng bộ thành phố": "Thành ủy"},
    Kind.DISTRICT: {
        "đảng bộ huyện": "Huyện ủy",
        "đảng bộ quận": "Quận ủy",
        "đảng bộ thị xã": "Thị ủy",
        "đảng bộ thành phố": "Thành ủy",
    },
}
COMMITTEE = "Đảng ủy"


def body_name(name: str, kind: str) -> str:
    """The elected body that writes and receives: `Đảng bộ phường X` → `Đảng ủy phường X`."""
    spelled = name.replace("uỷ", "ủy").replace("Uỷ", "Ủy")
    for prefix, body in (BODIES.get(kind, {}) | {"đảng bộ": COMMITTEE}).items():
        if spelled.lower().startswith(prefix):
            return f"{body}{spelled[len(prefix) :]}"
    return spelled


def parent_line(name: str) -> str:
    """Above the issuer stands the organisation, not its elected body: `ĐẢNG BỘ …`."""
    spelled = name.replace("uỷ", "ủy").replace("Uỷ", "Ủy")
    if spelled.lower().startswith("đảng ủy"):
        return f"Đảng bộ{spelled[len('đảng ủy') :]}"
    return spelled


def authority(issuer: str, is_cell: bool) -> str:
    """A cell always signs for the cell, never for its chi ủy; a committee for the committee."""
    if is_cell:
        return "T/M CHI BỘ"
    return f"T/M {short_body(issuer).upper()}"


def recipients(issuer: str, is_cell: bool, parent_body: str | None) -> list[str]:
    keeper = "Chi bộ" if is_cell else short_body(issuer)
    lines = [_("- %s (để\u00a0báo\u00a0cáo),") % parent_body] if parent_body else []
    return [*lines, _("- Lưu %s.") % keeper]


def short_body(issuer: str) -> str:
    bodies = {COMMITTEE, *(body for names in BODIES.values() for body in names.values())}
    return next((body for body in sorted(bodies) if issuer.startswith(body)), COMMITTEE)
