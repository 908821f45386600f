"""Invented people, and the log-ins of the demo profile."""

import datetime as dt
import random

from cells.models import Person

DEMO_PASSWORD = "so-chi-bo-thu-nghiem"

CELL = "Chi bộ Ban Tuyên giáo và Dân vận Tỉnh ủy (mẫu)"
NEIGHBOUR = "Chi bộ Ban Tổ chức Tỉnh ủy (mẫu)"
WOMEN = "Chi bộ Hội Liên hiệp Phụ nữ tỉnh (mẫu)"
COMMITTEE = "Đảng bộ các cơ quan Đảng tỉnh (mẫu)"
ROOT = "Đảng bộ tỉnh (dữ liệu mẫu)"

# (user name, password, role, organisation) of the small sample, for those who print them: `serve`, README.
DEMO_LOGINS = [
    ("lan", DEMO_PASSWORD, "thư ký", CELL),
    ("hoa", DEMO_PASSWORD, "bí thư", CELL),
    ("phuong", DEMO_PASSWORD, "phó bí thư", CELL),
    ("mai", DEMO_PASSWORD, "đảng viên", CELL),
    ("nam", DEMO_PASSWORD, "bí thư", NEIGHBOUR),
    ("son", DEMO_PASSWORD, "báo cáo viên", WOMEN),
    ("minh", DEMO_PASSWORD, "cấp ủy", COMMITTEE),
    ("binh", DEMO_PASSWORD, "ban tuyên giáo", ROOT),
    ("khanh", DEMO_PASSWORD, "kiểm tra", ROOT),
    ("quantri", DEMO_PASSWORD, "quản trị hệ thống", ""),
]


def words(text: str) -> list[str]:
    return text.split()


# Names have four parts and rarer family names, because those of well-known persons hardly ever do.
FAMILIES = words(
    "Âu Bế Cù Chu Đàm Đới Hà Hứa Kha Khổng Khuất Kiều La Lã Lâm Lộc Lục Lương Lường Ma Mạc Mai Nghiêm Nhâm Ninh Nông "
    "Ông Phí Phó Quách Quàng Quản Sái Sầm Tạ Thạch Thái Thân Thiều Tiêu Triệu Trịnh Tưởng Ứng Văn Vi Viên Vương Xa"
)
MIDDLES = {
    Person.Sex.MALE: words("Công Đình Duy Gia Hữu Huy Khắc Minh Ngọc Quang Quý Sỹ Thế Trọng Tuấn Văn Viết Xuân"),
    Person.Sex.FEMALE: words("Bảo Bích Cẩm Diệu Hoài Hồng Khánh Lệ Mai Mỹ Ngọc Như Quỳnh Thanh Thảo Thu Thùy Tú"),
}
SECOND_MIDDLES = {
    Person.Sex.MALE: words("An Anh Bá Bảo Bình Đăng Hải Hoàng Hùng Khải Nhật Phúc Quốc Thái Thiện Tiến Trung Việt"),
    Person.Sex.FEMALE: words("An Anh Bình Châu Diễm Hà Hải Hạnh Huyền Kiều Linh Minh Nguyệt Phương Thục Thúy Tố Vân"),
}
GIVENS = {
    Person.Sex.MALE: words(
        "Bách Chiến Cường Đạt Đông Dũng Giang Hào Hiếu Hòa Hưng Khôi Kiên Lâm Lộc Long Luân Nam Nghĩa Phong Quân Sơn "
        "Tài Thắng Thành Thịnh Toàn Tùng Tường Vinh Vũ Vỹ"
    ),
    Person.Sex.FEMALE: words(
        "Chi Cúc Đào Dung Duyên Giang Hằng Hiền Hoa Hòa Hương Huệ Lan Liên Loan Ly Mai Nga Ngân Nhàn Nhung Oanh "
        "Quyên Sen Tâm Thắm Thơm Thủy Trang Trinh Tuyết Uyên Yến"
    ),
}


class People:
    """Makes people one after the other; the same seed gives the same people."""

    def __init__(self, seed: str):
        self.random = random.Random(f"{seed}/people")
        self.made: list[Person] = []
        self.names: set[str] = set()

    def new(self, given: str = "", sex: str = "") -> Person:
        sex = sex or self.random.choice([Person.Sex.MALE, Person.Sex.FEMALE])
        person = Person(code=f"M-{len(self.made) + 1:05d}", full_name=self.unused_name(sex, given), sex=sex)
        year = self.random.randint(1958, 2001)
        if self.random.random() < 0.3:
            person.birth_year = year
        else:
            person.birth_date = dt.date(year, 1, 1) + dt.timedelta(days=self.random.randrange(365))
        person.fill_keys()
        self.made.append(person)
        return person

    def unused_name(self, sex: str, given: str) -> str:
        while True:
            parts = [FAMILIES, MIDDLES[sex], SECOND_MIDDLES[sex], [given] if given else GIVENS[sex]]
            words = [self.random.choice(part) for part in parts]
            name = " ".join(words)
            if len(set(words)) == len(words) and name not in self.names:
                self.names.add(name)
                return name
