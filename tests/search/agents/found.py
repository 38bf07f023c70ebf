"""What answers of the tools hold."""


def colours(answer):
    return {hit["product"]["colour"] for hit in answer["results"]}


def ids(answer):
    return [hit["product"]["id"] for hit in answer["results"]]
