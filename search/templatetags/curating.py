"""Who may arrange results, for templates of any package."""

from django import template

from search.operations.curating import may_curate

register = template.Library()
register.filter(may_curate)
