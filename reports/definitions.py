"""Label and short definition of each figure, as printed in the appendix of sources."""

from django.utils.translation import gettext_lazy as _

DEFINITIONS = {
    "committees": (_("Số đảng bộ"), _("tổ chức cấp dưới không phải chi bộ, vào ngày chốt")),
    "cells": (_("Số chi bộ"), _("chi bộ thuộc tổ chức vào ngày chốt")),
    "members_total": (_("Tổng số đảng viên"), _("người có nơi sinh hoạt chính tại các chi bộ vào ngày chốt")),
    "members_official": (_("Đảng viên chính thức"), _("phần của tổng số, tư cách chính thức")),
    "members_probationary": (_("Đảng viên dự bị"), _("phần của tổng số, tư cách dự bị")),
    "members_exempt": (_("Miễn sinh hoạt"), _("đảng viên được miễn công tác và sinh hoạt vào ngày chốt")),
    "members_away": (_("Tạm thời đi"), _("đảng viên đang sinh hoạt tạm thời ở nơi khác vào ngày chốt")),
    "members_hosted": (_("Tạm thời đến"), _("đảng viên nơi khác đến sinh hoạt tạm thời vào ngày chốt")),
    "sessions": (_("Số buổi sinh hoạt"), _("buổi đã kết thúc trong kỳ")),
    "sessions_regular": (_("Buổi định kỳ"), _("buổi có phần định kỳ; buổi kết hợp tính ở cả hai loại")),
    "sessions_thematic": (_("Buổi chuyên đề"), _("buổi có phần chuyên đề; buổi kết hợp tính ở cả hai loại")),
    "regular_due": (_("Phải có sinh hoạt định kỳ"), _("mỗi chi bộ hoạt động trọn tháng tính một lượt cho tháng ấy")),
    "regular_done": (_("Đã có sinh hoạt định kỳ"), _("lượt nói trên có ít nhất một buổi định kỳ trong tháng")),
    "thematic_due": (_("Phải có sinh hoạt chuyên đề"), _("mỗi chi bộ hoạt động trọn quý tính một lượt cho quý ấy")),
    "thematic_done": (_("Đã có sinh hoạt chuyên đề"), _("lượt nói trên có ít nhất một buổi chuyên đề trong quý")),
    "expected": (
        _("Lượt phải có mặt"),
        _("cộng qua các buổi; không tính người được miễn, tạm thời đi, bị đình chỉ, làm nhiệm vụ đặc biệt"),
    ),
    "present": (_("Lượt có mặt"), _("người phải có mặt và có mặt, trực tiếp hoặc trực tuyến")),
    "present_online": (_("Trong đó trực tuyến"), _("một phần của lượt có mặt")),
    "excused": (_("Vắng có lý do"), _("người phải có mặt, vắng có lý do")),
    "unexcused": (_("Vắng không lý do"), _("phải có mặt = có mặt + vắng có lý do + vắng không lý do")),
    "attendance_rate": (_("Tỷ lệ có mặt"), _("lượt có mặt chia cho lượt phải có mặt")),
    "exempt_present": (_("Được miễn vẫn dự"), _("lượt có mặt của người không thuộc diện phải có mặt")),
    "guests": (_("Lượt khách mời"), _("cộng qua các buổi (nhập tay); giữ từ ước lượng của số liệu gốc")),
    "conferences": (_("Số hội nghị"), _("hội nghị học tập, quán triệt đã tổ chức trong kỳ")),
    "conference_expected": (_("Triệu tập dự hội nghị"), _("điểm chính và mọi điểm cầu (nhập tay)")),
    "conference_present": (_("Có mặt tại hội nghị"), _("điểm chính và mọi điểm cầu (nhập tay); giữ từ ước lượng")),
    "speakers": (_("Báo cáo viên"), _("số người đang được công nhận vào ngày chốt")),
    "propagandists": (_("Tuyên truyền viên"), _("số người đang được công nhận vào ngày chốt")),
    "collaborators": (_("Cộng tác viên dư luận xã hội"), _("số người đang được công nhận vào ngày chốt")),
}
OF_COMMITTEES_ONLY = ("committees", "cells")
OF_CONFERENCES = ("conferences", "conference_expected", "conference_present")
