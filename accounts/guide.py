"""The user guide, /huong-dan/: one short page for each task, the same for everybody who is logged in."""

from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe


@dataclass(frozen=True)
class Task:
    slug: str
    title: str
    summary: str
    icon: str

    @property
    def template(self) -> str:
        return f"help/pages/{self.slug}.html"


CHAPTERS = [
    (
        _("Cho mọi người"),
        [
            Task("dang-nhap", _("Đăng nhập, quên mật khẩu"), _("Vào sổ, xem việc của mình, ra khỏi sổ."), "key"),
            Task(
                "dang-vien",
                _("Đảng viên: xin vắng, tự điểm danh"),
                _("Xem buổi tới, báo vắng, đọc đề cương, xem dữ liệu của mình."),
                "person-check",
            ),
            Task("bao-cao-vien", _("Báo cáo viên: lượt trình bày"), _("Đăng ký, đổi, xin thôi lượt."), "megaphone"),
        ],
    ),
    (
        _("Cho thư ký và bí thư chi bộ"),
        [
            Task("chuan-bi", _("Chuẩn bị và mời họp"), _("Lên kế hoạch, giấy mời, hoãn hoặc hủy."), "calendar-plus"),
            Task(
                "buoi-sinh-hoat",
                _("Ghi buổi sinh hoạt trong một phút"),
                _("Mở, điểm danh, kết thúc; sửa khi ghi nhầm."),
                "calendar-check",
            ),
            Task("bien-ban", _("Biên bản và nghị quyết"), _("Ghi nội dung, biểu quyết, thông qua, in."), "pencil"),
            Task("danh-sach", _("Danh sách đảng viên"), _("Thêm, chuyển, miễn sinh hoạt, bàn giao."), "people"),
            Task(
                "nhap-excel",
                _("Nhập từ Excel"),
                _("Đưa cả danh sách vào một lần, xem trước, hoàn tác."),
                "file-earmark-spreadsheet",
            ),
            Task("bao-cao", _("Lập và ký báo cáo quý"), _("Lập, ghi mục III và IV, ký, gửi cấp trên."), "printer"),
        ],
    ),
    (
        _("Cho ban tuyên giáo và cấp ủy"),
        [
            Task(
                "con-thieu", _("Xem ai còn thiếu"), _("Nơi nào quá hạn, số liệu từ đâu, miễn một việc."), "list-check"
            ),
            Task("nhan-bao-cao", _("Nhận báo cáo của cấp dưới"), _("Tiếp nhận, trả lại, gom thành tập."), "download"),
            Task(
                "van-ban",
                _("Văn bản, đề cương, hội nghị học tập"),
                _("Đăng tệp, xem nơi nào đã nhận, ghi số người dự."),
                "file-earmark-text",
            ),
            Task("sap-nhap", _("Sáp nhập, chuyển đơn vị"), _("Sắp xếp tổ chức mà không mất quá khứ."), "diagram-3"),
        ],
    ),
    (
        _("Cho người quản trị"),
        [Task("quan-tri", _("Mời người dùng, giao vai trò"), _("Bắt đầu, lời mời, người đổi việc."), "unlock")],
    ),
]
TASKS = [task for _chapter, tasks in CHAPTERS for task in tasks]


@require_safe
def contents(request):
    return render(request, "help/contents.html", {"chapters": CHAPTERS})


@require_safe
def page(request, task):
    found = next((one for one in TASKS if one.slug == task), None)
    if found is None:
        raise Http404
    after = TASKS[TASKS.index(found) + 1 :]
    return render(request, found.template, {"task": found, "following": after[0] if after else None})
