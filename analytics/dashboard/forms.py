"""The form that chooses the dashboard's period."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from analytics.dashboard.stats import MAX_DAYS


class PeriodForm(forms.Form):
    """``days`` days up to and including ``until``, else today; without ``days``, 30."""

    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=MAX_DAYS, required=False)
    until = forms.DateField(
        label=_("Up to"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean_days(self) -> int:
        return self.cleaned_data["days"] or 30

    def clean_until(self) -> date | None:
        until: date | None = self.cleaned_data["until"]
        if until and until > self.now.astimezone(UTC).date():
            raise ValidationError(_("That day has not come yet."))
        # An earlier date could leave the range of dates by the length of a period.
        if until and until < self.now.astimezone(UTC).date() - timedelta(days=3650):
            raise ValidationError(_("That is more than ten years ago."))
        return until
