"""Members find what was put up for them, by the words they remember."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from cells.reach import with_reach
from resolutions.models import Document, Outline
from resolutions.searching import matching
from tests.factories import OrganisationFactory, PostFactory, UserFactory
from tests.resolutions.factories import DocumentFactory, OutlineFactory

ADDRESS = "/van-ban/"


@pytest.fixture
def mai(client, cast):
    client.force_login(cast.mai)
    return client


def shown(response):
    """[(symbol of a document, [titles of the outlines to tap])] from top to bottom."""
    rows = response.context["rows"]
    return [(document.symbol, [outline.title for outline in newest]) for document, newest, _older in rows]


def test_newest_documents_come_first_and_those_without_a_day_last(mai, cast):
    for symbol, day in (("1-CT", dt.date(2024, 5, 1)), ("2-CT", None), ("3-CT", dt.date(2025, 1, 1))):
        DocumentFactory(owner=cast.branch, symbol=symbol, issued_on=day)

    assert shown(mai.get(ADDRESS)) == [("3-CT", []), ("1-CT", []), ("2-CT", [])]


def test_what_is_no_longer_in_force_says_so_and_stays(mai, cast):
    today = timezone.localdate()
    for symbol, last_day in (("1-CT", today - dt.timedelta(days=1)), ("2-CT", today), ("3-CT", None)):
        document = DocumentFactory(owner=cast.branch, symbol=symbol, valid_to=last_day, issued_on=dt.date(2024, 1, 1))
        page = mai.get(reverse("resolutions:document", args=[document.public_id])).content.decode()
        assert page.count("hết hiệu lực") == (symbol == "1-CT")

    assert mai.get(ADDRESS).content.decode().count("hết hiệu lực") == 1


def test_a_member_sees_outlines_for_members_in_their_newest_edition(mai, cast):
    document = DocumentFactory(owner=cast.committee, symbol="35-NQ/TW")
    OutlineFactory(document=document, title="Đề cương", edition=1)
    OutlineFactory(document=document, title="Đề cương", edition=2, body=b"x" * 244_100)
    OutlineFactory(document=document, title="Gợi ý trình bày", audience=Outline.Audience.SPEAKERS)

    page = mai.get(ADDRESS)

    assert shown(page) == [("35-NQ/TW", ["Đề cương"])]
    text = " ".join(page.content.decode().replace("\u00a0", " ").split())
    assert "bản thứ 2 · PDF, 245 kB</span>" in text
    assert "Còn 1 bản trước" in text
    assert "Gợi ý trình bày" not in text


def test_a_speaker_also_sees_outlines_for_speakers(client, cast):
    document = DocumentFactory(owner=cast.committee, symbol="35-NQ/TW")
    OutlineFactory(document=document, title="Cho đảng viên")
    OutlineFactory(document=document, title="Cho báo cáo viên", audience=Outline.Audience.SPEAKERS)
    client.force_login(cast.son)

    assert shown(client.get(ADDRESS)) == [("35-NQ/TW", ["Cho đảng viên", "Cho báo cáo viên"])]


def test_each_sees_what_stands_above_and_leaders_what_stands_below(client, cast):
    for place in ("province", "committee", "branch", "cell", "neighbour", "sibling", "foreign"):
        DocumentFactory(owner=getattr(cast, place), symbol=place)
    above = {"province", "committee"}
    expected = {
        "mai": {*above, "branch", "cell"},
        "nam": {*above, "branch", "neighbour"},
        "son": {*above, "branch", "neighbour"},
        "binh": {*above, "branch", "cell", "neighbour", "sibling"},
        "quan": set(),
    }

    seen = {}
    for name in expected:
        client.force_login(getattr(cast, name))
        seen[name] = {symbol for symbol, _ in shown(client.get(ADDRESS))}

    assert seen == expected


@pytest.mark.parametrize(
    "words",
    ["hoà bình", "hòa bình", "HOA BINH", "binh hoa", "12 hòa", "kết luận hoà", "Ket  luan", "12-kl/tw", "mẫu", "hoà"],
)
def test_words_are_found_with_marks_and_without(cast, words):
    DocumentFactory(owner=cast.cell, symbol="12-KL/TW", subject="Giữ gìn hoà bình")
    DocumentFactory(owner=cast.cell, symbol="99-X", subject="Khác", issuer="Nơi khác", type=Document.Type.PLAN)

    assert [document.symbol for document in matching(Document.unscoped.all(), words)] == ["12-KL/TW"]


@pytest.mark.parametrize("words", ["hoà bính x", "%", "_", "13", "\\"])
def test_words_that_are_not_there_find_nothing(cast, words):
    DocumentFactory(owner=cast.cell, symbol="12-KL/TW", subject="Giữ gìn hoà bình")

    assert list(matching(Document.unscoped.all(), words)) == []


def test_search_and_type_narrow_the_list_together(mai, cast):
    DocumentFactory(owner=cast.cell, symbol="1-CT", subject="Đổi mới", type=Document.Type.DIRECTIVE)
    DocumentFactory(owner=cast.cell, symbol="2-NQ", subject="Đổi mới", type=Document.Type.RESOLUTION)
    DocumentFactory(owner=cast.cell, symbol="3-NQ", subject="Khác", type=Document.Type.RESOLUTION)

    assert shown(mai.get(ADDRESS, {"search": "doi moi", "type": "NQ"})) == [("2-NQ", [])]


def test_an_unknown_type_is_named_and_the_rest_still_counts(mai, cast):
    DocumentFactory(owner=cast.cell, symbol="1-CT", subject="Đổi mới")
    DocumentFactory(owner=cast.cell, symbol="2-CT", subject="Khác")

    page = mai.get(ADDRESS, {"search": "đổi", "type": "mật"})

    assert shown(page) == [("1-CT", [])]
    assert "Giá trị của “Loại văn bản” không dùng được" in page.content.decode()


def test_twenty_documents_stand_on_a_page(mai, cast):
    DocumentFactory.create_batch(21, owner=cast.cell)

    assert [len(shown(mai.get(ADDRESS, {"page": page}))) for page in (1, 2, 3)] == [20, 1, 1]


@pytest.mark.parametrize("count", [1, 3, 300])
@pytest.mark.parametrize("name", ["mai", "minh"])
def test_the_list_asks_the_database_as_often_for_300_as_for_one(client, cast, name, count, django_assert_num_queries):
    for document in DocumentFactory.create_batch(count, owner=cast.cell):
        OutlineFactory(document=document)
        OutlineFactory(document=document)
    client.force_login(getattr(cast, name))

    with django_assert_num_queries(11):
        page = client.get(ADDRESS)

    assert page.content.count(b'class="outline-link"') == 2 * min(count, 20)


EMPTY = {
    "mai": "do chi bộ hoặc cấp trên đưa lên sẽ hiện ở đây",
    "minh": "do tổ chức của đồng chí, cấp trên và cấp dưới đưa lên sẽ hiện ở đây",
    "quan": "Người quản trị hệ thống không xem văn bản",
    "newcomer": "Tài khoản này chưa gắn với chi bộ",
}


@pytest.mark.parametrize("name", EMPTY)
def test_an_empty_list_says_to_each_why(client, cast, name):
    user = UserFactory() if name == "newcomer" else getattr(cast, name)
    client.force_login(user)

    page = client.get(ADDRESS).content.decode()

    assert [name for name, text in EMPTY.items() if text in page] == [name]


def test_a_search_without_a_find_leads_back_to_all(mai, cast):
    DocumentFactory(owner=cast.cell)

    page = mai.get(ADDRESS, {"search": "khong co"}).content.decode()

    assert "Không có văn bản nào khớp" in page
    assert f'<a class="btn btn-primary" href="{ADDRESS}">Xem tất cả văn bản</a>' in page


def test_the_page_of_a_document_lists_its_editions(mai, cast):
    document = DocumentFactory(owner=cast.committee, symbol="35-NQ/TW", issued_on=dt.date(2018, 10, 22), term="XII")
    first = OutlineFactory(document=document, title="Đề cương", edition=1)
    second = OutlineFactory(document=document, title="Đề cương", edition=2)

    page = mai.get(reverse("resolutions:document", args=[document.public_id]))

    assert ([row[0] for row in page.context["newest"]], page.context["older"]) == ([second], [first])
    text = page.content.decode()
    assert "<dd>22/10/2018</dd>" in text
    assert "<dd>Đảng bộ khối mẫu</dd>" in text
    assert f"Đưa lên ngày {timezone.localdate():%d/%m/%Y}" in text


def test_a_post_that_ended_shows_nothing_any_more(client, cast):
    DocumentFactory(owner=cast.sibling, symbol="1.10")
    post = PostFactory(user=UserFactory(), organisation=cast.sibling)
    client.force_login(post.user)
    assert shown(client.get(ADDRESS)) == [("1.10", [])]

    type(post).unscoped.filter(pk=post.pk).update(last_day=timezone.localdate() - dt.timedelta(days=1))

    assert shown(client.get(ADDRESS)) == []
    assert list(Document.objects.for_user(with_reach(post.user))) == []


@pytest.mark.parametrize("name", ["hoa", "minh", "nam"])
def test_what_an_ended_organisation_put_up_is_its_successors(cast, name):
    """Hoa's cell took over from one beside it: she and the committee read on, the cell next door does not."""
    ended = OrganisationFactory(parent=cast.branch, last_day=dt.date(2025, 6, 30), successor=cast.cell)
    gone = OrganisationFactory(parent=cast.branch, last_day=dt.date(2025, 6, 30))
    for owner in (ended, gone):
        DocumentFactory(owner=owner)

    found = Document.objects.for_user(with_reach(getattr(cast, name)))

    assert list(found.values_list("owner", flat=True)) == ([] if name == "nam" else [ended.pk])
