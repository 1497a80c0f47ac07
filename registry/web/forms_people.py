"""Forms of people: signing in, one's own settings, enrolling and correcting others."""

from __future__ import annotations

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from registry.models import Account
from registry.selectors.giving import Reach

LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]


class SignInForm(forms.Form):
    username = forms.CharField(
        label=_("Phone or user name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class NewPasswordForm(forms.Form):
    """For somebody let in by a one-time sign-in."""

    new = forms.CharField(
        label=_("New password"),
        max_length=128,
        strip=False,
        help_text=_("At least 8 characters, not only digits of your phone or a common word."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password again"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        again = self.cleaned_data["again"]
        if again != self.cleaned_data.get("new", again):
            raise forms.ValidationError(_("The two are not the same."))
        return again


class PasswordForm(NewPasswordForm):
    old = forms.CharField(
        label=_("Present password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ["old", "new", "again"]


class SettingsForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, widget=forms.RadioSelect)
    theme = forms.ChoiceField(
        label=_("Colours"),
        choices=[
            (Account.Theme.AUTO, _("As the phone")),
            (Account.Theme.LIGHT, _("Light")),
            (Account.Theme.DARK, _("Dark")),
        ],
        widget=forms.RadioSelect,
    )
    care = forms.BooleanField(label=_("Large type and buttons"), required=False)


class PhoneField(forms.CharField):
    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("label", _("Mobile phone"))
        kwargs.setdefault("max_length", 24)
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}))
        super().__init__(**kwargs)


class GrantForm(forms.Form):
    """Where a role reaches (one of `reaches`, unless there is only one) and what the post is called."""

    reach = forms.ChoiceField(label=_("Answers for"))
    title = forms.CharField(
        label=_("Post"), required=False, max_length=32, help_text=_("Such as clerk or shift leader.")
    )

    def __init__(self, reaches: list[Reach], *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.reaches = {reach.value: reach for reach in reaches}
        field = self.fields["reach"]
        field.choices = [(value, reach.label or _("the whole district")) for value, reach in self.reaches.items()]
        if len(reaches) == 1:
            field.widget, field.initial = forms.HiddenInput(), reaches[0].value

    def clean_reach(self) -> Reach:
        return self.reaches[self.cleaned_data["reach"]]


class EnrolForm(GrantForm):
    name = forms.CharField(label=_("Full name"), max_length=40, help_text=_("As on the identity card."))
    phone = PhoneField(help_text=_("The person signs in with it."))
    username = forms.CharField(
        label=_("User name"),
        required=False,
        max_length=40,
        validators=[RegexValidator(r"^[a-zA-Z][a-zA-Z0-9._-]{2,}$", _("Letters and digits, beginning with a letter."))],
        help_text=_("Leave it empty and one is made from the name."),
    )
    field_order = ["reach", "name", "phone", "title", "username"]


class PersonForm(forms.Form):
    name = forms.CharField(label=_("Full name"), max_length=40)
    phone = PhoneField(
        required=False, help_text=_("Leave it empty to keep the present number. A new number ends sign-ins.")
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why you need to see it"),
        max_length=120,
        help_text=_("Kept with your name and the time; auditors read it."),
    )
