"""Fields that are made once for a class serve every thread and every language."""

from concurrent.futures import ThreadPoolExecutor

from django.utils import translation
from rest_framework import serializers

from rest.serializers import SharedFields


class Words(SharedFields):
    text = serializers.CharField(max_length=3)
    tags = serializers.ListField(child=serializers.CharField(max_length=3), required=False)


def refused(kind, **data):
    asked = kind(data=data)
    asked.is_valid()
    return str(asked.errors)


def test_two_requests_share_no_values():
    first, second = Words(data={"text": "a"}), Words(data={"text": "b"})
    assert first.is_valid()
    assert second.is_valid()
    assert (first.validated_data, second.validated_data) == ({"text": "a"}, {"text": "b"})
    assert first.fields is second.fields


def test_each_language_has_its_own_sentences():
    with translation.override("en"):
        assert "no more than 3 characters" in refused(Words, text="long")
    with translation.override("de"):
        assert "no more than" not in refused(Words, text="long")
    with translation.override("en"):
        assert "no more than 3 characters" in refused(Words, text="long")


def test_a_second_thread_may_read_a_sentence_while_the_first_one_makes_it():
    entered = []

    class Interrupted(str):
        """A sentence that another thread reads before this one has filled it in."""

        @property
        def format(self):
            if not entered:
                entered.append(self)
                with ThreadPoolExecutor(1) as other:
                    assert "At most 3." in other.submit(refused, Slow, tags=["long"]).result()
            return super().format

    class Slow(SharedFields):
        tags = serializers.ListField(
            child=serializers.CharField(
                max_length=3, error_messages={"max_length": Interrupted("At most {max_length}.")}
            )
        )

    assert "At most 3." in refused(Slow, tags=["long"])
    assert entered
