"""The base of every form: crispy renders the fields, the page renders the tag and the button."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms


class HelperMixin:
    """Leave `<form>` and the token to the template."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class Form(HelperMixin, forms.Form):
    pass


class ModelForm(HelperMixin, forms.ModelForm):
    pass
