"""Contents of reports as `compose` gives them, in the lengths and with the texts that a test wants."""

PHRASE = "ĐẢNG CỘNG SẢN VIỆT NAM"
ENDING = (
    "Trên đây là báo cáo kết quả sinh hoạt chi bộ và công tác tuyên truyền quý III năm 2024 của Chi bộ Ban Dân vận; "
    "số liệu được chốt đến hết ngày 30/09/2024."
)
COLUMNS = [
    {"title": "TT", "width": 10, "align": "centre"},
    {"title": "Tổ chức", "width": 95, "align": "left"},
    {"title": "Có mặt", "width": 30, "align": "right"},
    {"title": "Tỷ lệ", "width": 30, "align": "right"},
]


def content(blocks: list[dict], **changes) -> dict:
    return {
        "layout": "hd05_2026",
        "title": "Báo cáo quý III năm 2024 – Chi bộ Ban Dân vận",
        "letterhead": {
            "phrase": PHRASE,
            "parent": "Đảng bộ Khối các cơ quan tỉnh",
            "issuer": "Chi bộ Hội Liên hiệp Phụ nữ tỉnh",
            "number": {"before": "Số", "after": "-BC/CB"},
            "dated": "Thanh Hóa, ngày 31 tháng 12 năm 2026",
        },
        "type": "BÁO CÁO",
        "subject": "kết quả sinh hoạt chi bộ và công tác tuyên truyền quý III năm 2024",
        "span": "(Số liệu từ ngày 01/07/2024 đến hết ngày 30/09/2024)",
        "blocks": blocks,
    } | changes


def ending(text: str = ENDING) -> dict:
    return {
        "kind": "ending",
        "text": text,
        "receivers_title": "Nơi nhận:",
        "receivers": ["- Đảng ủy Khối các cơ quan tỉnh (để báo cáo),", "- Lưu Chi bộ."],
        "authority": "T/M CHI BỘ",
        "post": "BÍ THƯ",
        "signer": "",
    }


def heading(text: str) -> dict:
    return {"kind": "heading", "text": text}


def paragraph(text: str) -> dict:
    return {"kind": "paragraph", "text": text}


def table(count: int, name: str = "Chi bộ Văn phòng", total: bool = True) -> dict:
    rows = [[str(number), f"{name} {number}", f"{number}/{number}", "100 %"] for number in range(1, count + 1)]
    sums = {"label": "Cộng", "span": 2, "texts": ["9/9", "100 %"]} if total else None
    return {"kind": "table", "columns": COLUMNS, "rows": rows, "total": sums}


def text_in_order(found: dict) -> str:
    """Everything a content prints, in reading order, with white space folded."""
    head = found["letterhead"]
    room = head.get("number", {})
    number = [head["symbol"]] if "symbol" in head else [room.get("before", ""), room.get("after", "")]
    texts = [head["parent"].upper(), head["issuer"].upper(), "*", *number, head.get("draft", "")]
    texts += [head["phrase"], head["dated"], found["type"], found["subject"], found["span"], "-----"]
    for block in found["blocks"]:
        texts += block_texts(block)
    return " ".join(" ".join(texts).split())


def block_texts(block: dict) -> list[str]:
    match block["kind"]:
        case "room":
            return []
        case "table":
            sums = block["total"] or {"label": "", "texts": []}
            heads = [column["title"] for column in block["columns"]]
            return [*heads, *(text for row in block["rows"] for text in row), sums["label"], *sums["texts"]]
        case "ending":
            named = ("receivers_title", "authority", "post", "signer")
            title, *signature = (block[name] for name in named)
            return [block["text"], title, *block["receivers"], *signature]
        case "signatures":
            return [block["text"], *(block[side][part] for side in ("left", "right") for part in ("title", "name"))]
        case "appendix":
            return [block["title"], block["subject"], "-----"]
        case _:
            return [block["text"]]
