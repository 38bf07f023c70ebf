"""python examples/search.py http://127.0.0.1:8000 photo.jpg "in red" """

import sys

from tandem_client import Query, Tandem, TandemProblem, picture


def main(base_url: str, path: str, text: str) -> None:
    query = Query(text=text, image=picture(path), weight=0.6, price_max="100.00", top_k=10)
    with Tandem(base_url, language="en") as shop:
        try:
            for hit in shop.search(query).results:
                print(
                    hit.rank, f"{hit.score:.2f}", hit.product.title, hit.product.price, hit.product.currency
                )
        except TandemProblem as problem:
            if problem.code != "too_many_requests":
                raise
            print(f"Too many requests; try again in {problem.retry_after} seconds.")


if __name__ == "__main__":
    main(*sys.argv[1:4])
