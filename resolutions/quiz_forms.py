"""The forms of the question bank and of a quiz."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.fields import CleanCharField
from resolutions.filing_forms import PlaceForm, refuse_mark
from resolutions.models import Question
from resolutions.quizzing import MOST_OPTIONS

NUMBERS = range(1, MOST_OPTIONS + 1)


class QuestionForm(PlaceForm):
    text = CleanCharField(label=_("Câu hỏi"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    kind = forms.ChoiceField(
        label=_("Loại câu hỏi"),
        choices=[(value, capfirst(label)) for value, label in Question.Kind.choices],
        widget=forms.RadioSelect,
        initial=Question.Kind.SINGLE,
    )
    explanation = CleanCharField(
        label=_("Giải thích"),
        max_length=500,
        required=False,
        help_text=_("Hiện sau khi người học trả lời, ví dụ trích phần liên quan của văn bản."),
    )
    version = forms.IntegerField(
        label=_("Phiên bản"), min_value=1, max_value=2**31 - 1, required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for number in NUMBERS:
            self.fields[f"option-{number}"] = CleanCharField(
                label=_now("Câu trả lời %d") % number, max_length=300, required=number <= 2
            )
            self.fields[f"right-{number}"] = forms.BooleanField(
                label=_now("Câu trả lời %d là đúng") % number, required=False
            )
        self.order_fields(
            ["place", "text", "kind", *(f"{name}-{n}" for n in NUMBERS for name in ("option", "right")), "explanation"]
        )

    def clean_text(self):
        refuse_mark(self.cleaned_data["text"])
        return self.cleaned_data["text"]

    def clean(self):
        cleaned = super().clean()
        right = sum(is_right for _text, is_right in self.options)
        if not right:
            self.add_error("right-1", _("Hãy đánh dấu ít nhất một câu trả lời đúng."))
        elif cleaned.get("kind") == Question.Kind.SINGLE and right > 1:
            self.add_error("kind", _("Loại này chỉ có một câu trả lời đúng."))
        return cleaned

    @property
    def options(self) -> list[tuple[str, bool]]:
        told = ((self.cleaned_data.get(f"option-{n}", ""), self.cleaned_data.get(f"right-{n}", False)) for n in NUMBERS)
        return [(text, is_right) for text, is_right in told if text]

    @property
    def told(self) -> dict:
        return self.cleaned_data | {"options": self.options}


def question_values(question: Question) -> dict:
    values = {name: getattr(question, name) for name in ("text", "kind", "explanation", "version")}
    for option in question.options.all():
        values[f"option-{option.position}"], values[f"right-{option.position}"] = option.text, option.is_right
    return values


class QuizForm(forms.Form):
    """One field for each question that was drawn."""

    drawn = CleanCharField(max_length=500, widget=forms.HiddenInput)

    def __init__(self, *args, questions: list[Question], **options):
        super().__init__(*args, **options)
        self.questions = questions
        for number, question in enumerate(questions, start=1):
            choices = [(str(one.position), one.text) for one in question.options.all()]
            self.fields[str(question.public_id)] = field_of(question, _now("Câu %d.") % number, choices)

    @property
    def chosen(self) -> dict[str, list[int]]:
        told = {str(one.public_id): self.cleaned_data[str(one.public_id)] for one in self.questions}
        return {
            key: [int(one) for one in ([value] if isinstance(value, str) else value)] for key, value in told.items()
        }


def field_of(question: Question, number: str, choices) -> forms.Field:
    label = f"{number} {question.text}"
    if question.kind == Question.Kind.MULTIPLE:
        return forms.MultipleChoiceField(
            label=label,
            choices=choices,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("Chọn mọi câu trả lời đúng."),
            error_messages={"required": _("Hãy chọn ít nhất một câu trả lời.")},
        )
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn một câu trả lời.")},
    )
