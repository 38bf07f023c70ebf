"""What tests of orders look at: an answer's page, its prices and chips, and the choices of its toolbar."""


def results(client, **parameters):
    return client.get("/results", parameters).context["result"]


def prices(result):
    return [hit.product.price for hit in result.hits]


def is_rising(result):
    return len(set(prices(result))) > 1 and prices(result) == sorted(prices(result))


def order_chips(result):
    return [chip.value for chip in result.chips if chip.field == "sort"]


def options(response):
    toolbar = response.content.decode().partition('<select id="sort"')[2].partition("</select>")[0]
    return [line.strip() for line in toolbar.splitlines() if "<option" in line]
