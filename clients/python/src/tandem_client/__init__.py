"""A typed client of the Tandem search API."""

from tandem_client.client import Query, Tandem, picture
from tandem_client.generated.codes import CODES
from tandem_client.generated.models import Answer, Hit, Person, ProductCard, ProductDetail
from tandem_client.problems import TandemProblem
from tandem_client.session import Tokens

__all__ = [
    "CODES",
    "Answer",
    "Hit",
    "Person",
    "ProductCard",
    "ProductDetail",
    "Query",
    "Tandem",
    "TandemProblem",
    "Tokens",
    "picture",
]
