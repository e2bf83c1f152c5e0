"""The base of every form: errors that say what to do, tied to their fields."""

import re

import pytest
from django import forms as django_forms
from django.template import Context, Template
from django.utils import translation

from accounts.models import Organisation
from reenter.common import forms


class Sample(forms.Form):
    name = django_forms.CharField()
    email = django_forms.EmailField(help_text="To write to you.")
    idea = django_forms.CharField(label="Idea", required=False)
    role = django_forms.ChoiceField(
        label="Role",
        choices=[("mentee", "Mentee"), ("mentor", "Mentor")],
        widget=forms.RadioCards(hints={"mentee": "You have an idea."}),
    )
    languages = django_forms.MultipleChoiceField(
        choices=[("nl", "Dutch"), ("en", "English")], widget=forms.CheckboxCards
    )
    agreed = django_forms.BooleanField(label="I agree")
    places = django_forms.IntegerField()
    secret = django_forms.CharField(widget=django_forms.HiddenInput)

    required_messages = {"languages": "Choose at least one language."}

    def clean(self):
        if self.data.get("idea") == "<b>":
            raise django_forms.ValidationError("Not this: %(idea)s", params={"idea": "<b>"})


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def html(form):
    return Template("{% load crispy_forms_tags %}{{ form|crispy }}").render(Context({"form": form}))


def input_of(text, name):
    return re.search(rf'<(?:input|select|textarea)[^>]*name="{name}"[^>]*>', text).group()


def test_each_required_field_says_what_to_do():
    errors = Sample({}).errors
    assert errors["name"] == ["Fill in your name."]
    assert errors["email"] == ["Fill in your e-mail address."]
    assert errors["role"] == ["Choose an answer for “Role”."]
    assert errors["languages"] == ["Choose at least one language."]
    assert errors["agreed"] == ["Tick the box to go on."]
    assert errors["places"] == ["Fill in “Places”."]


def test_a_wrong_value_says_how_to_write_it():
    errors = Sample({"email": "anna", "places": "two"}).errors
    assert errors["email"] == ["Write the e-mail address like this: name@example.com."]
    assert errors["places"] == ["Fill in a whole number, like 3."]


def test_a_field_keeps_the_message_it_was_given():
    class Own(forms.Form):
        idea = django_forms.CharField(error_messages={"required": "Write one sentence."})

    assert Own({}).errors["idea"] == ["Write one sentence."]


def test_messages_come_in_the_language_of_the_reader():
    with translation.override("nl"):
        assert Sample({}).errors["places"] == ["Vul “Places” in."]


def test_the_summary_links_to_each_field():
    text = html(Sample({}))
    summary = text[text.index('id="error-summary"') : text.index('id="div_id_name"')]
    targets = re.findall(r'href="#([^"]+)"', summary)
    assert targets == [
        "id_name",
        "id_email",
        "id_role_0",
        "id_languages_0",
        "id_agreed",
        "id_places",
    ]
    for target in targets:
        assert len(re.findall(rf'\sid="{target}"', text)) == 1
    assert 'role="alert"' in text


def test_there_is_no_summary_without_errors():
    assert "error-summary" not in html(Sample())
    assert 'aria-invalid="true"' not in html(Sample())


def test_errors_and_help_are_tied_to_their_field():
    text = html(Sample({}))
    email = input_of(text, "email")
    assert 'aria-invalid="true"' in email
    assert 'aria-describedby="id_email_helptext id_email_error"' in email
    assert 'id="id_email_helptext"' in text
    assert 'id="id_email_error"' in text
    assert re.search(r'<fieldset[^>]*aria-describedby="id_role_error"', text)
    assert "aria-invalid" not in input_of(text, "idea")


def test_every_id_is_unique_and_every_label_has_its_field():
    text = html(Sample({}))
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    for target in re.findall(r'<label[^>]*for="([^"]+)"', text):
        assert target in ids


def test_optional_fields_say_so_and_required_ones_carry_no_star():
    text = html(Sample())
    assert text.count("(optional)") == 1
    assert "asteriskField" not in text


def test_a_field_that_another_one_makes_needed_is_not_called_optional():
    class Reach(forms.Form):
        unmarked = ("phone",)
        phone = django_forms.CharField(label="Phone", required=False)
        note = django_forms.CharField(label="Note", required=False)

    text = html(Reach())
    assert text.count("(optional)") == 1
    assert text.index("(optional)") > text.index("Note")


def test_known_fields_can_be_filled_in_by_the_browser():
    text = html(Sample())
    assert 'autocomplete="name"' in input_of(text, "name")
    assert 'autocomplete="email"' in input_of(text, "email")


def test_a_card_shows_its_hint():
    text = html(Sample())
    assert "You have an idea." in text
    assert text.count('class="choice-hint"') == 1


def test_hidden_labels_stay_for_screen_readers():
    class Question(Sample):
        labels_hidden = True

    assert re.search(r'<label class="form-label visually-hidden" for="id_name">', html(Question()))


def test_what_people_wrote_is_escaped():
    text = html(Sample({"idea": "<b>", "name": '"><script>'}))
    assert "<script>" not in text
    assert "Not this: &lt;b&gt;" in text


def test_a_model_form_has_the_same_base():
    class OrganisationForm(forms.ModelForm):
        class Meta:
            model = Organisation
            fields = ["name"]

    form = OrganisationForm({})
    assert form.errors["name"] == ["Fill in your name."]
