"""The small sample's organisations: a province from 2015 with the reorganisations of 2020, 2025 and 2026."""

from datetime import date

from cells.models import Kind
from reports.sample.people import ROOT
from reports.sample.tree import Tree

BEGINNING = date(2015, 1, 1)
BLOCS_MERGE = date(2020, 2, 28)
BLOC_ENDS = date(2025, 3, 1)
DISTRICTS_END = date(2025, 7, 1)
COMMUNES_REORGANISE = date(2026, 9, 30)

MERGER_DECISION = "3638-QĐ/TU 28/02/2020"
BLOC_DECISION = "05-QĐ/TU 24/02/2025 (mẫu)"
DISTRICT_DECISION = "31-QĐ/TU 25/06/2025 (mẫu)"
COMMUNE_DECISION = "17-QĐ/ĐU 25/09/2026 (mẫu)"

PARTY_OFFICES = [
    ("M-BDV", "Chi bộ Ban Dân vận Tỉnh ủy"),
    ("M-BTC", "Chi bộ Ban Tổ chức Tỉnh ủy"),
    ("M-PN", "Chi bộ Hội Liên hiệp Phụ nữ tỉnh"),
    ("M-VP", "Chi bộ Văn phòng Tỉnh ủy"),
    ("M-UBKT", "Chi bộ Cơ quan Ủy ban Kiểm tra Tỉnh ủy"),
]
CULTURE_CELLS = [
    ("M-VH-VP", "Chi bộ Văn phòng Sở"),
    ("M-VH-TTR", "Chi bộ Thanh tra – Pháp chế"),
    ("M-VH-DS", "Chi bộ Phòng Quản lý Di sản"),
    ("M-VH-BT", "Chi bộ Bảo tàng tỉnh"),
    ("M-VH-TV", "Chi bộ Thư viện tỉnh"),
    ("M-VH-NT", "Chi bộ Trung tâm Văn hóa Nghệ thuật"),
    ("M-VH-DL", "Chi bộ Trung tâm Xúc tiến Du lịch"),
]
CULTURE_SECTIONS = {
    ("M-VH-TDTT", "Đảng bộ bộ phận Trung tâm Thể dục thể thao"): [
        ("M-VH-TDTT1", "Chi bộ Bộ môn Điền kinh"),
        ("M-VH-TDTT2", "Chi bộ Bộ môn Bóng đá"),
    ],
    ("M-VH-DT", "Đảng bộ bộ phận Ban Quản lý di tích"): [
        ("M-VH-DT1", "Chi bộ Nghiệp vụ di tích"),
        ("M-VH-DT2", "Chi bộ Bảo vệ di tích"),
    ],
}
HEALTH_CELLS = [
    "Văn phòng Sở",
    "Phòng Tổ chức cán bộ",
    "Phòng Kế hoạch – Tài chính",
    "Phòng Nghiệp vụ Y",
    "Phòng Nghiệp vụ Dược",
    "Thanh tra Sở",
    "Chi cục Dân số",
    "Chi cục An toàn thực phẩm",
    "Trung tâm Kiểm soát bệnh tật",
    "Trung tâm Kiểm nghiệm",
    "Trung tâm Giám định Y khoa",
    "Trung tâm Pháp y",
    "Trung tâm Cấp cứu",
    "Khoa Khám bệnh",
    "Khoa Hồi sức cấp cứu",
    "Khoa Nội",
    "Khoa Ngoại",
    "Khoa Sản",
    "Khoa Nhi",
    "Khoa Mắt",
    "Khoa Tai Mũi Họng",
    "Khoa Răng Hàm Mặt",
    "Khoa Da liễu",
    "Khoa Truyền nhiễm",
    "Khoa Y học cổ truyền",
    "Khoa Phục hồi chức năng",
    "Khoa Xét nghiệm",
    "Khoa Chẩn đoán hình ảnh",
    "Khoa Dược",
    "Khoa Dinh dưỡng",
]
COMPANY_CELLS = [
    ("M-CTN-VP", "Chi bộ Văn phòng Công ty"),
    ("M-CTN-SX", "Chi bộ Nhà máy nước"),
    ("M-CTN-MS", "Chi bộ Quản lý mạng lưới"),
]
SCHOOLS = {"MN": "Trường Mầm non", "TH": "Trường Tiểu học", "CS": "Trường Trung học cơ sở"}


def grow() -> Tree:
    tree = Tree()
    tree.put("M-TINH", ROOT, Kind.PROVINCE, None, BEGINNING)
    put_blocs(tree)
    put_offices(tree)
    put_culture(tree)
    put_health_and_company(tree)
    merge_blocs(tree)
    put_district(tree)
    end_bloc(tree)
    end_district(tree)
    reorganise_commune(tree)
    return tree


def put_blocs(tree: Tree) -> None:
    tree.put("M-KCQ", "Đảng bộ Khối các cơ quan tỉnh", Kind.BLOC, "M-TINH", BEGINNING)
    tree.put("M-KDN", "Đảng bộ Khối Doanh nghiệp tỉnh", Kind.BLOC, "M-TINH", BEGINNING)


def put_offices(tree: Tree) -> None:
    for code, name in PARTY_OFFICES:
        tree.put(code, name, Kind.GRASSROOTS_CELL, "M-KCQ", BEGINNING)


def put_culture(tree: Tree) -> None:
    tree.put("M-VH", "Đảng bộ Sở Văn hóa, Thể thao và Du lịch", Kind.GRASSROOTS_COMMITTEE, "M-KCQ", BEGINNING)
    for code, name in CULTURE_CELLS:
        tree.put(code, name, Kind.CELL, "M-VH", BEGINNING)
    for (code, name), cells in CULTURE_SECTIONS.items():
        tree.put(code, name, Kind.SECTIONAL_COMMITTEE, "M-VH", BEGINNING)
        for cell_code, cell_name in cells:
            tree.put(cell_code, cell_name, Kind.CELL, code, BEGINNING)


def put_health_and_company(tree: Tree) -> None:
    tree.put("M-YT", "Đảng bộ Sở Y tế", Kind.GRASSROOTS_COMMITTEE, "M-KCQ", BEGINNING)
    for number, name in enumerate(HEALTH_CELLS, start=1):
        tree.put(f"M-YT-{number:02d}", f"Chi bộ {name}", Kind.CELL, "M-YT", BEGINNING)
    tree.put("M-CTN", "Đảng bộ Công ty Cấp thoát nước", Kind.GRASSROOTS_COMMITTEE, "M-KDN", BEGINNING)
    for code, name in COMPANY_CELLS:
        tree.put(code, name, Kind.CELL, "M-CTN", BEGINNING)


def merge_blocs(tree: Tree) -> None:
    tree.put("M-KHOI", "Đảng bộ Khối Cơ quan và Doanh nghiệp tỉnh", Kind.BLOC, "M-TINH", BLOCS_MERGE, MERGER_DECISION)
    for code in [*(code for code, _ in PARTY_OFFICES), "M-VH", "M-YT", "M-CTN"]:
        tree.move(code, "M-KHOI", BLOCS_MERGE, MERGER_DECISION)
    for code in ("M-KCQ", "M-KDN"):
        tree.end(code, date(2020, 2, 27), successor="M-KHOI")


def put_district(tree: Tree) -> None:
    tree.put("M-HUYEN", "Đảng bộ huyện Sông Trăng", Kind.DISTRICT, "M-TINH", BEGINNING)
    tree.put("M-H-CQ", "Chi bộ Cơ quan Huyện ủy", Kind.GRASSROOTS_CELL, "M-HUYEN", BEGINNING)
    tree.put("M-H-UB", "Chi bộ Ủy ban nhân dân huyện", Kind.GRASSROOTS_CELL, "M-HUYEN", BEGINNING)
    communes = {"X1": "xã Đồi Chè", "X2": "xã Bến Lở", "X3": "thị trấn Sông Trăng", "X4": "xã Gò Dưa"}
    for number, place in communes.items():
        tree.put(f"M-{number}", f"Đảng bộ {place}", Kind.COMMUNE, "M-HUYEN", BEGINNING)
    for number in ("X1", "X2"):
        tree.put(f"M-{number}-TYT", f"Chi bộ Trạm Y tế {communes[number]}", Kind.CELL, f"M-{number}", BEGINNING)
        for school, name in SCHOOLS.items():
            tree.put(f"M-{number}-{school}", f"Chi bộ {name} {communes[number]}", Kind.CELL, f"M-{number}", BEGINNING)
    for number in communes:
        unit = "Tổ dân phố" if number == "X3" else "Thôn"
        for village in (1, 2):
            name = f"Chi bộ {unit} {village} {communes[number]}"
            tree.put(f"M-{number}-T{village}", name, Kind.CELL, f"M-{number}", BEGINNING)


def end_bloc(tree: Tree) -> None:
    tree.put("M-DCQ", "Đảng bộ các cơ quan Đảng tỉnh", Kind.BLOC, "M-TINH", BLOC_ENDS, BLOC_DECISION)
    tree.put("M-UBT", "Đảng bộ Ủy ban nhân dân tỉnh", Kind.BLOC, "M-TINH", BLOC_ENDS, BLOC_DECISION)
    for code, _ in PARTY_OFFICES:
        renamed = "Chi bộ Ban Tuyên giáo và Dân vận Tỉnh ủy" if code == "M-BDV" else ""
        tree.move(code, "M-DCQ", BLOC_ENDS, BLOC_DECISION, renamed)
    for code in ("M-VH", "M-YT", "M-CTN"):
        tree.move(code, "M-UBT", BLOC_ENDS, BLOC_DECISION)
    tree.end("M-KHOI", date(2025, 2, 28), successor="M-DCQ")


def end_district(tree: Tree) -> None:
    """Communes come directly under the province, two old ones in each new one; two health stations become one."""
    since, decision, last_day = DISTRICTS_END, DISTRICT_DECISION, date(2025, 6, 30)
    tree.put("M-XA", "Đảng bộ xã Đồi Chè", Kind.COMMUNE, "M-TINH", since, decision)
    tree.put("M-XB", "Đảng bộ xã Sông Trăng", Kind.COMMUNE, "M-TINH", since, decision)
    tree.put("M-XA-CQ", "Đảng bộ các cơ quan Đảng xã Đồi Chè", Kind.GRASSROOTS_COMMITTEE, "M-XA", since, decision)
    tree.put("M-XA-UB", "Đảng bộ Ủy ban nhân dân xã Đồi Chè", Kind.GRASSROOTS_COMMITTEE, "M-XA", since, decision)
    tree.put("M-XA-XDD", "Chi bộ Ban Xây dựng Đảng xã Đồi Chè", Kind.CELL, "M-XA-CQ", since, decision)
    tree.put("M-XA-KT", "Chi bộ Phòng Kinh tế xã Đồi Chè", Kind.CELL, "M-XA-UB", since, decision)
    tree.put("M-XA-TYT", "Chi bộ Trạm Y tế xã Đồi Chè", Kind.CELL, "M-XA-UB", since, decision)
    for code in tree.cells():
        if tree.last_day(code) is None and code.startswith(("M-X1-", "M-X2-")) and not code.endswith("-TYT"):
            tree.move(code, "M-XA", since, decision)
        if tree.last_day(code) is None and code.startswith(("M-X3-", "M-X4-")):
            tree.move(code, "M-XB", since, decision)
    ends = {"M-X1-TYT": "M-XA-TYT", "M-X2-TYT": "M-XA-TYT", "M-H-CQ": "M-XA-XDD", "M-H-UB": "M-XA-KT"}
    ends |= {"M-X1": "M-XA", "M-X2": "M-XA", "M-X3": "M-XB", "M-X4": "M-XB", "M-HUYEN": "M-TINH"}
    for code, successor in ends.items():
        tree.end(code, last_day, successor)


def reorganise_commune(tree: Tree) -> None:
    """The committees between commune and cells go; six school cells become three."""
    since, decision, last_day = COMMUNES_REORGANISE, COMMUNE_DECISION, date(2026, 9, 29)
    for code in ("M-XA-XDD", "M-XA-KT", "M-XA-TYT"):
        tree.move(code, "M-XA", since, decision)
    for code in ("M-XA-CQ", "M-XA-UB"):
        tree.end(code, last_day, successor="M-XA")
    for school, name in SCHOOLS.items():
        tree.put(f"M-XA-{school}", f"Chi bộ {name} xã Đồi Chè", Kind.CELL, "M-XA", since, decision)
        for number in ("X1", "X2"):
            tree.end(f"M-{number}-{school}", last_day, successor=f"M-XA-{school}")
