"""Exit 0: done; 1: unknown code, a wrong value, or the person may not be made anonymous."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand

from accounts.auditing import record
from cells import person_data, personal
from cells.forms.rosters import PersonForm
from cells.mentioning import mentions_of
from cells.models import Person
from cells.person_tables import workbook

CORRECTABLE = {
    "full_name": "họ và tên",
    "birth": "ngày sinh (03/11/1970) hoặc năm sinh",
    "sex": "male hoặc female",
    "phone": "điện thoại",
    "email": "thư điện tử",
}


def as_written(person: Person) -> dict[str, str]:
    """What is stored, as it would be typed into the form."""
    form = PersonForm(initial=personal.as_typed(person))
    return {name: form[name].value() or "" for name in CORRECTABLE} | {
        "birth": str(form.fields["birth"].prepare_value(form["birth"].value()) or "")
    }


class Command(BaseCommand):
    help = "Dữ liệu cá nhân của một đảng viên: xem, xuất, sửa, ẩn danh."

    def add_arguments(self, parser):
        parser.add_argument("code", help="mã đảng viên")
        parser.add_argument("act", choices=["show", "export", "correct", "anonymise"])
        parser.add_argument("--output", type=Path, default=Path(), help="thư mục nhận tệp xuất")
        parser.add_argument("--reason", default="", help="lý do; bắt buộc khi sửa và khi ẩn danh")
        for name, told in CORRECTABLE.items():
            parser.add_argument(f"--{name.replace('_', '-')}", help=f"khi sửa: {told}")
        parser.add_argument("--yes", action="store_true", help="xác nhận ẩn danh, việc này không hoàn tác được")

    def handle(self, *, code, act, output, reason, yes, **options):
        person = Person.unscoped.select_related("user").filter(code=code).first()
        if person is None:
            self.fail(f"Không có đảng viên nào mang mã {code}.")
        if act == "anonymise":
            self.anonymise(person, reason, yes)
        elif act == "correct":
            self.correct(person, {name: options[name] for name in CORRECTABLE if options[name] is not None}, reason)
        elif act == "export":
            self.export(person, output)
        else:
            self.show(person)

    def show(self, person):
        for section in person_data.about(person, person.user):
            self.stdout.write(f"{section.label} ({section.key}): {section.rows.count()}")
        for mention in mentions_of(person):
            self.stdout.write(f"Còn nhắc tên – {mention.label}")
        record("person.shown", target=person)

    def export(self, person, folder: Path):
        record("person.exported", target=person)
        (folder / "du-lieu-ca-nhan.json").write_text(person_data.as_json(person, person.user))
        (folder / "du-lieu-ca-nhan.xlsx").write_bytes(workbook(person, person.user))
        self.stdout.write(f"Đã ghi du-lieu-ca-nhan.json và du-lieu-ca-nhan.xlsx vào {folder}.")

    def correct(self, person, given: dict, reason: str):
        if not given or not reason:
            self.fail("Hãy ghi --reason và ít nhất một điều cần sửa: --full-name, --birth, --sex, --phone, --email.")
        form = PersonForm(as_written(person) | given)
        if not form.is_valid():
            self.fail("\n".join(f"{form[name].label}: {' '.join(errors)}" for name, errors in form.errors.items()))
        done = personal.amend(person, form.cleaned_data, version=person.version, actor=None, reason=reason)
        self.stdout.write(f"Đã sửa: {done.full_name}." if done.version != person.version else "Không có gì thay đổi.")

    def anonymise(self, person, reason: str, yes: bool):
        if not reason or not yes:
            self.fail("Ẩn danh không hoàn tác được: hãy ghi --reason và thêm --yes.")
        try:
            done = person_data.anonymise(person, reason, actor=None)
        except person_data.StillHere as refusal:
            self.fail(refusal.text)
        self.stdout.write(f"Đã ẩn danh. Mã mới: {done.code}.")

    def fail(self, text: str):
        self.stderr.write(text)
        sys.exit(1)
