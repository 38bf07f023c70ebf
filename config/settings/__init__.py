"""Every setting of Tandem, driven by the environment (or ``.env``) and closed by default.

A missing variable takes the safe default. A value that is not valid stops the start with a sentence
that says what to write instead (config/environment.py). ``.env.example`` documents every variable.
Django takes the names in capitals; one module holds those of one area.
"""

from config.settings.analytics import *
from config.settings.api import *
from config.settings.applications import *
from config.settings.limits import *
from config.settings.logs import *
from config.settings.mail import *
from config.settings.people import *
from config.settings.queue import *
from config.settings.search import *
from config.settings.security import *
from config.settings.shops import *
from config.settings.site import *
from config.settings.storage import *
from config.settings.stores import *
