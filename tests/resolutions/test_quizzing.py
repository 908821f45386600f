"""Members test themselves on what they studied; the board counts how many did, and nobody learns how they did."""

import uuid

import pytest
from django.contrib.sessions.models import Session as LogIn
from django.urls import reverse

from resolutions import quizzing
from resolutions.models import Question, QuizParticipation
from tests.resolutions.factories import DocumentFactory
from tests.resolutions.test_convening import send, text_of

SINGLE = {"kind": "single", "text": "Ngày sinh hoạt định kỳ?", "explanation": "Chỉ thị 50-CT/TW"}
SINGLE |= {"option-1": "Ngày 3", "right-1": "on", "option-2": "Ngày 15"}
MULTIPLE = {"kind": "multiple", "text": "Ai dự?"}
MULTIPLE |= {"option-1": "Chính thức", "right-1": "on", "option-2": "Dự bị", "right-2": "on", "option-3": "Không ai"}


@pytest.fixture
def document(cast):
    return DocumentFactory(owner=cast.committee, symbol="50-CT/TW")


@pytest.fixture
def asked(client, cast, document):
    client.force_login(cast.binh)
    for question in (SINGLE, MULTIPLE):
        send_to(client, "add_question", document, question)
    return list(Question.unscoped.order_by("pk"))


def send_to(client, page, row, data):
    address = reverse(f"resolutions:{page}", args=[row.public_id])
    return client.post(address, data | {"form_key": str(uuid.uuid4())})


def take(client, document, questions, chosen):
    answers = {str(question.public_id): positions for question, positions in zip(questions, chosen, strict=True)}
    return send_to(client, "quiz", document, answers | {"drawn": quizzing.seal(questions)})


def test_a_member_answers_and_alone_reads_what_was_right(client, cast, document, asked):
    client.force_login(cast.mai)

    page = text_of(client.get(reverse("resolutions:quiz", args=[document.public_id])))
    take(client, document, asked, [["1"], ["1"]])
    own = text_of(client.get(reverse("resolutions:quiz_result", args=[document.public_id])))

    assert "Câu 1. Ngày sinh hoạt định kỳ?" in page
    assert "<h1>Đúng 1/2 câu</h1>" in own
    assert "Chỉ thị 50-CT/TW" in own
    client.force_login(cast.binh)
    theirs = client.get(reverse("resolutions:quiz_result", args=[document.public_id]))
    assert theirs.status_code == 302  # there is none: it leads to a quiz of one's own


def test_of_several_right_answers_all_are_wanted_and_no_other(asked):
    _single, multiple = asked

    right = [
        quizzing.answered([multiple], {str(multiple.public_id): list(chosen)})[0].is_right
        for chosen in [(1, 2), (1,), (1, 2, 3), ()]
    ]

    assert right == [True, False, False, False]


def test_who_scored_what_is_kept_nowhere(client, cast, document, asked):
    client.force_login(cast.mai)
    for _ in range(2):
        take(client, document, asked, [["1"], ["1", "2"]])

    row = QuizParticipation.unscoped.get()
    assert (row.user, row.cell) == (cast.mai, cast.cell)
    names = {field.name for field in QuizParticipation._meta.concrete_fields}
    assert names == {"id", "document", "user", "cell", "last_at"}
    key = client.session.session_key
    client.logout()
    assert not LogIn.objects.filter(session_key=key).exists()  # and with it the own answers


def test_the_board_counts_people_of_each_cell(client, cast, document, asked):
    for user in (cast.mai, cast.lan, cast.nam):
        client.force_login(user)
        take(client, document, asked, [["2"], ["3"]])
    client.force_login(cast.binh)

    page = client.get(reverse("resolutions:quiz_participation", args=[document.public_id]))

    assert [(row.name, row.took_part, row.members) for row in page.context["page"]] == [
        ("Chi bộ hai", 1, 2),
        ("Chi bộ một", 2, 3),
    ]
    assert "Đã làm: 3/5 đảng viên." in text_of(page)
    assert "Mai" not in text_of(page)


def test_a_secretary_sees_the_count_of_her_own_cell_only(client, cast, document, asked):
    client.force_login(cast.hoa)

    page = client.get(reverse("resolutions:quiz_participation", args=[document.public_id]))

    assert [row.name for row in page.context["page"]] == ["Chi bộ một"]


def test_at_most_five_are_drawn(document, cast):
    bank = [Question.unscoped.create(document=document, owner=cast.committee, text=f"{n}") for n in range(9)]

    drawn = quizzing.draw(bank)

    assert len(drawn) == 5
    assert drawn == sorted(set(drawn), key=lambda one: one.pk)


def test_a_set_that_was_not_drawn_here_is_not_taken(client, cast, document, asked):
    client.force_login(cast.mai)

    answer = send_to(client, "quiz", document, {"drawn": "bịa", str(asked[0].public_id): "1"})

    assert answer.status_code == 302
    assert not QuizParticipation.unscoped.exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"right-1": ""}, "Hãy đánh dấu ít nhất một câu trả lời đúng."),
        ({"right-2": "on"}, "Loại này chỉ có một câu trả lời đúng."),
        ({"option-2": ""}, "Câu trả lời 2: Hãy điền mục này."),
        ({"text": "TUYỆT MẬT: ai?"}, "Văn bản mang dấu mật"),
    ],
)
def test_a_question_makes_sense(client, cast, document, changed, said):
    client.force_login(cast.binh)

    page = send_to(client, "add_question", document, SINGLE | changed)

    assert page.status_code == 422
    assert said in text_of(page)


def test_a_question_is_changed_once_and_withdrawn(client, cast, document, asked):
    client.force_login(cast.binh)
    one = asked[0]

    send_to(client, "change_question", one, SINGLE | {"text": "Ngày nào?", "version": "1"})
    late = send_to(client, "change_question", one, SINGLE | {"text": "Hôm nào?", "version": "1"})
    one.refresh_from_db()
    assert (one.text, late.status_code, one.options.count()) == ("Ngày nào?", 409, 2)

    send(client, "withdraw_question", one)
    assert list(Question.unscoped.in_use()) == [asked[1]]


def test_a_neighbouring_branch_has_no_such_quiz(client, cast):
    document = DocumentFactory(owner=cast.sibling)
    Question.unscoped.create(document=document, owner=cast.sibling, text="Ai?")
    client.force_login(cast.mai)

    assert client.get(reverse("resolutions:quiz", args=[document.public_id])).status_code == 404
