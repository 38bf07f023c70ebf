"""What is logged of searches and of what shoppers do, and for how long."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from config.environment import read_int, read_text

# A thread writes searches and clicks; tests write in the calling thread, at a known time.
LOG_IN_BACKGROUND = True
# Days after which a logged search, its clicks, its words and its user are deleted, and every event.
SEARCH_LOG_DAYS = read_int("SEARCH_LOG_DAYS", default=90, low=1, high=3650)
# Days after which an alert by mail expires.
ALERT_DAYS = read_int("ALERT_DAYS", default=180, low=1, high=3650)
# Minutes for which what a visitor looked at is used for them: 30 minutes to 30 days, or 0 for no sessions.
SESSION_MINUTES = read_int("SESSION_MINUTES", default=1440, low=0, high=43_200)
if 0 < SESSION_MINUTES < 30:
    raise ImproperlyConfigured("SESSION_MINUTES takes 30 to 43200 minutes, or 0 for no sessions.")
# The cookie, as "name" or "name=value", by which the shop's consent tool says that a visitor agreed.
SESSION_CONSENT_COOKIE = read_text("SESSION_CONSENT_COOKIE")
# The key with which the shop signs the pixel of its order confirmation; without one there is no pixel.
EVENTS_SECRET = read_text("EVENTS_SECRET")
