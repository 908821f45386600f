"""Small random worlds: a tree that is renamed, moved, ended and taken over, and what its cells did meanwhile."""

import datetime as dt
from random import Random

from tests.cells.books import (
    CONFERENCES,
    MARKS,
    MEMBERS,
    ORGANISATIONS,
    SESSIONS,
    SITES,
    SPEAKERS,
    Book,
    conference,
    mark,
    member,
    organisation,
    session,
    site,
    speaker,
)
from tests.reports.naive import ONE_DAY, PRESENT, expected, is_cell, month_end, period_on

BEGIN, END = dt.date(2023, 1, 1), dt.date(2025, 12, 31)
STATUSES = ("sinh hoạt",) * 6 + ("miễn sinh hoạt", "tạm thời đi", "đình chỉ", "nhiệm vụ đặc biệt")
RESULTS = ("có mặt",) * 4 + ("có mặt trực tuyến", "vắng có lý do", "vắng không lý do")
WORDS = (None, None, None, "gần", "khoảng", "trên")


def some_day(chance: Random, first: dt.date = BEGIN, last: dt.date = END) -> dt.date:
    """Ends and beginnings of months come often: there is where the rules have their edges."""
    day = first + dt.timedelta(days=chance.randrange((last - first).days + 1))
    edge = chance.choice([day, day.replace(day=1), month_end(day)])
    return min(max(edge, first), last)


def cuts(chance: Random, first: dt.date, last: dt.date | None, most: int) -> list[tuple[dt.date, dt.date | None]]:
    """The span, divided into consecutive ones."""
    begins = {first} | {some_day(chance, first, last or END) for _ in range(chance.randrange(most))}
    ordered = sorted(begins)
    return list(zip(ordered, [*(begin - ONE_DAY for begin in ordered[1:]), last], strict=True))


def make_world(chance: Random) -> Book:
    book = {title: [] for title in (ORGANISATIONS, MEMBERS, SESSIONS, MARKS, SPEAKERS, CONFERENCES, SITES)}
    plant_tree(book, chance)
    settle_people(book, chance)
    hold_sessions(book, chance)
    hold_conferences(book, chance)
    appoint(book, chance)
    return book


def plant_tree(book: Book, chance: Random) -> None:
    rows = book[ORGANISATIONS]
    lives = {"0": (BEGIN, None)}
    rows.append(organisation("0", "đảng bộ tỉnh", None, BEGIN))
    committees = [f"K{number}" for number in range(chance.randrange(2, 5))]
    for code in committees:
        lives[code] = life(chance)
        add_history(rows, code, ["đảng bộ cơ sở", "đảng bộ bộ phận"], lives, chance)
    for code in [f"C{number}" for number in range(chance.randrange(2, 6))]:
        span = life(chance)
        kinds = ["chi bộ", "chi bộ cơ sở"] + (["đảng bộ bộ phận"] if chance.random() < 0.3 else [])
        add_history(rows, code, kinds, lives | {code: span}, chance)
    take_over(book, chance)


def life(chance: Random) -> tuple[dt.date, dt.date | None]:
    first = chance.choice([BEGIN, some_day(chance)])
    return first, chance.choice([None, None, some_day(chance, first)])


def add_history(rows: list[dict], code: str, kinds: list[str], lives: dict, chance: Random) -> None:
    first, last = lives[code]
    for begin, end in cuts(chance, first, last, 4):
        parents = [p for p, span in lives.items() if p != code and lasts(span, begin, end)]
        kind = chance.choice(kinds)
        rows.append(organisation(code, kind, chance.choice(parents), begin, f"{code} từ {begin}", **{"Đến ngày": end}))


def lasts(span: tuple, begin: dt.date, end: dt.date | None) -> bool:
    first, last = span
    return first <= begin and (last is None or (end is not None and end <= last))


def take_over(book: Book, chance: Random) -> None:
    for row in book[ORGANISATIONS]:
        end = row.get("Đến ngày")
        if end is None or period_on(book, row["Mã"], end + ONE_DAY) or chance.random() < 0.25:
            continue
        codes = sorted({other["Mã"] for other in book[ORGANISATIONS]} - {"0"})
        heirs = [code for code in codes if is_cell(book, code, end + ONE_DAY)]
        if row["Loại"].startswith("đảng bộ"):
            heirs = [code for code in codes if period_on(book, code, end + ONE_DAY)]
        if heirs:
            row["Kế tục bởi"] = chance.choice(heirs)


def cell_spans(book: Book) -> list[tuple[str, dt.date, dt.date | None]]:
    return [(row["Mã"], row["Từ ngày"], row.get("Đến ngày")) for row in book[ORGANISATIONS] if is_cell_row(row)]


def is_cell_row(row: dict) -> bool:
    return row["Loại"].startswith("chi bộ")


def settle_people(book: Book, chance: Random) -> None:
    spans = cell_spans(book)
    for number in range(chance.randrange(6, 20) if spans else 0):
        cell, first, last = chance.choice(spans)
        for begin, end in cuts(chance, first, last, 3):
            status = chance.choice(STATUSES)
            standing = chance.choice(["chính thức", "chính thức", "dự bị"])
            more = {"Đến ngày": end, "Tư cách": standing}
            book[MEMBERS].append(member(f"P{number}", cell, status, begin, **more))
            hosts = [code for code, *span in spans if code != cell and lasts(span, begin, end)]
            if status == "tạm thời đi" and hosts:
                book[MEMBERS].append(member(f"P{number}", chance.choice(hosts), "tạm thời đến", begin, **more))


def hold_sessions(book: Book, chance: Random) -> None:
    spans = cell_spans(book)
    for number in range(chance.randrange(4, 25) if spans else 0):
        cell, first, last = chance.choice(spans)
        day = some_day(chance, first, last or END)
        code = f"S{number}"
        kind = chance.choice(["định kỳ", "định kỳ", "chuyên đề", "định kỳ và chuyên đề", "bất thường"])
        state = chance.choice(["đã kết thúc"] * 5 + ["dự kiến", "hủy"])
        guests = {"Khách mời": chance.randrange(5), "Ước lượng": chance.choice(WORDS), "Chuyên đề": "Đọc sách"}
        book[SESSIONS].append(session(code, cell, day, state, kind, **guests))
        if state == "đã kết thúc":
            call_roll(book, code, cell, day, chance)


def call_roll(book: Book, code: str, cell: str, day: dt.date, chance: Random) -> None:
    for person in sorted(expected(book, cell, day)):
        book[MARKS].append(mark(code, person, chance.choice(RESULTS)))
    for row in book[MEMBERS]:
        holds = row["Từ ngày"] <= day and (row["Đến ngày"] is None or day <= row["Đến ngày"])
        if row["Mã chi bộ"] == cell and row["Tình trạng"] == "miễn sinh hoạt" and holds and chance.random() < 0.5:
            book[MARKS].append(mark(code, row["Mã đảng viên"], chance.choice(sorted(PRESENT))))


def hold_conferences(book: Book, chance: Random) -> None:
    for number in range(chance.randrange(6)):
        row = chance.choice(book[ORGANISATIONS])
        day = some_day(chance, row["Từ ngày"], row.get("Đến ngày") or END)
        code = f"H{number}"
        state = chance.choice([None, "đã tổ chức", "dự kiến", "hủy"])
        counts = {"Triệu tập": chance.randrange(50), "Có mặt": chance.randrange(50), "Ước lượng": chance.choice(WORDS)}
        book[CONFERENCES].append(conference(code, row["Mã"], day, **counts, **{"Trạng thái": state}))
        for place in range(chance.randrange(3)):
            counts = {
                "Triệu tập": chance.randrange(9),
                "Có mặt": chance.randrange(9),
                "Ước lượng": chance.choice(WORDS),
            }
            book[SITES].append(site(code, f"Điểm {place}", **counts))


def appoint(book: Book, chance: Random) -> None:
    persons = sorted({row["Mã đảng viên"] for row in book[MEMBERS]})
    for number in range(chance.randrange(8)):
        row = chance.choice(book[ORGANISATIONS])
        first = some_day(chance, row["Từ ngày"], row.get("Đến ngày") or END)
        kind = chance.choice(["báo cáo viên", "tuyên truyền viên", "cộng tác viên dư luận xã hội"])
        person, name = (chance.choice(persons), None) if persons and chance.random() < 0.7 else (f"X{number}", "Ông X")
        last = chance.choice([None, some_day(chance, first)])
        taken = speaker(person, row["Mã"], kind, "tỉnh", first, **{"Họ và tên": name, "Đến ngày": last})
        key = ("Mã đảng viên", "Loại", "Mã tổ chức", "Từ ngày")
        if all(any(taken[name] != other[name] for name in key) for other in book[SPEAKERS]):
            book[SPEAKERS].append(taken)
