"""The question bank of a document, and the short quiz that members take on a phone; own result only."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.idempotency import once
from accounts.querying import QueryForm
from accounts.refusing import Refused
from cells.access import require, roles
from cells.models import Organisation
from cells.reach import ANYONE, AT_THE_CELL, DOWN_THE_TREE
from resolutions import quizzing
from resolutions.conference_forms import VersionedForm
from resolutions.convening import ChangedMeanwhile
from resolutions.models import KEEPERS, Document, Question
from resolutions.quiz_forms import QuestionForm, QuizForm, question_values
from resolutions.views.convening import compared
from resolutions.views.documents import crumbs, places_of
from resolutions.views.sites import status_of

SESSION_KEY = "quiz"  # the own answers, in the log-in session and nowhere else
ROWS_ON_A_PAGE = 50


def readable(user, public_id) -> Document:
    return get_object_or_404(Document.objects.for_user(user).in_use(), public_id=public_id)


def asked_of(user, document: Document):
    return Question.objects.for_user(user).in_use().filter(document=document).prefetch_related("options")


def bank(document: Document) -> str:
    return reverse("resolutions:questions", args=[document.public_id])


@roles(ANYONE)
def quiz(request, public_id):
    document = readable(request.user, public_id)
    questions = asked_of(request.user, document)
    if request.method == "POST":
        chosen = list(questions.filter(pk__in=drawn_by(request)).order_by("pk"))
        if not chosen:
            messages.info(request, _("Bộ câu hỏi này đã cũ. Hãy làm bộ mới dưới đây."))
            return redirect("resolutions:quiz", public_id=public_id)
        form = QuizForm(request.POST, questions=chosen)
        if form.is_valid():
            return once(request, lambda: finished(request, document, form))
    else:
        chosen = quizzing.draw(questions)
        form = QuizForm(questions=chosen, initial={"drawn": quizzing.seal(chosen)})
    context = {
        "document": document,
        "form": form,
        "count": len(chosen),
        "crumbs": crumbs(_("Tự kiểm tra"), document),
    }
    return render(request, "resolutions/quiz.html", context, status=422 if form.is_bound else 200)


def drawn_by(request) -> list[int]:
    sent = QuizForm(request.POST, questions=[])
    return quizzing.unseal(sent.cleaned_data["drawn"]) if sent.is_valid() else []


def finished(request, document: Document, form: QuizForm) -> str:
    quizzing.took_part(document, request.user)
    request.session[SESSION_KEY] = {"document": str(document.public_id), "chosen": form.chosen}
    return reverse("resolutions:quiz_result", args=[document.public_id])


@roles(ANYONE)
@require_safe
def result(request, public_id):
    """What was right, for the one who answered; it is gone with the log-in."""
    document = readable(request.user, public_id)
    kept = request.session.get(SESSION_KEY) or {}
    if kept.get("document") != str(document.public_id):
        return redirect("resolutions:quiz", public_id=public_id)
    questions = asked_of(request.user, document).filter(public_id__in=list(kept["chosen"])).order_by("pk")
    answers = quizzing.answered(questions, kept["chosen"])
    context = {
        "document": document,
        "answers": answers,
        "right": sum(one.is_right for one in answers),
        "crumbs": crumbs(_("Kết quả tự kiểm tra"), document),
    }
    return render(request, "resolutions/quiz_result.html", context)


@roles(*KEEPERS)
@require_safe
def questions(request, public_id):
    document = readable(request.user, public_id)
    kept = asked_of(request.user, document).kept_by(request.user).order_by("pk")
    query = QueryForm(request.GET)
    page = Paginator(kept, ROWS_ON_A_PAGE).get_page(query.values["page"])
    context = {"document": document, "page": page, "query": query, "crumbs": crumbs(_("Câu hỏi tự kiểm tra"), document)}
    return render(request, "resolutions/questions.html", context)


@roles(*KEEPERS)
def add_question(request, public_id):
    document = readable(request.user, public_id)
    form = QuestionForm(request.POST or None, places=places_of(request.user))
    if form.is_valid():
        return once(request, lambda: added(request, document, form))
    return question_page(request, document, form, _("Thêm câu hỏi"))


def added(request, document: Document, form: QuestionForm) -> str:
    owner = Organisation.objects.for_user(request.user).get(pk=form.place)
    quizzing.add(document, owner, form.told, actor=request.user, request=request)
    messages.success(request, _("Đã thêm câu hỏi."))
    return bank(document)


def question_page(request, document: Document, form, title: str, question: Question | None = None, versions=None):
    context = {
        "form": form,
        "title": title,
        "lead": str(document),
        "back": bank(document),
        "question": question,
        "versions": versions,
        "crumbs": crumbs(title, document),
    }
    return render(request, "resolutions/question_form.html", context, status=status_of(form, versions))


def kept_question(user, public_id) -> Question:
    question = Question.objects.for_user(user).select_related("document").filter(public_id=public_id).first()
    if question is None:
        raise Http404
    require(Question.objects.kept_by(user).filter(pk=question.pk).exists())
    return question


@roles(*KEEPERS)
def change_question(request, public_id):
    question = kept_question(request.user, public_id)
    places, versions = {question.owner_id: ""}, None
    form = QuestionForm(request.POST or None, places=places, initial=question_values(question))
    if form.is_valid():
        try:
            return once(request, lambda: changed(request, question, form))
        except ChangedMeanwhile:
            stored = kept_question(request.user, public_id)
            versions = compared(form, QuestionForm(places=places, initial=question_values(stored)))
        except Refused as refusal:
            form.add_error(None, refusal.text)
    return question_page(request, question.document, form, _("Sửa câu hỏi"), question, versions)


def changed(request, question: Question, form: QuestionForm) -> str:
    version = form.cleaned_data["version"] or question.version
    quizzing.change(question, form.told, version=version, actor=request.user, request=request)
    messages.success(request, _("Đã sửa câu hỏi."))
    return bank(question.document)


@roles(*KEEPERS)
@require_POST
def withdraw_question(request, public_id):
    question = kept_question(request.user, public_id)
    form = VersionedForm(request.POST)
    if not form.is_valid():
        return redirect(bank(question.document))

    def write() -> str:
        quizzing.withdraw(question, version=form.cleaned_data["version"], actor=request.user, request=request)
        messages.success(request, _("Đã gỡ câu hỏi."))
        return bank(question.document)

    try:
        return once(request, write)
    except Refused as refusal:
        messages.error(request, refusal.text)
        return redirect(bank(question.document))


@roles(*AT_THE_CELL, *DOWN_THE_TREE)
@require_safe
def participation(request, public_id):
    """How many of each cell took part; never who, and nothing of how they did."""
    document = readable(request.user, public_id)
    query = QueryForm(request.GET)
    rows = quizzing.counts_for(request.user, document)
    context = {
        "document": document,
        "took_part": sum(row.took_part for row in rows),
        "members": sum(row.members for row in rows),
        "page": Paginator(rows, ROWS_ON_A_PAGE).get_page(query.values["page"]),
        "query": query,
        "crumbs": crumbs(_("Số người đã tự kiểm tra"), document),
    }
    return render(request, "resolutions/quiz_participation.html", context)
