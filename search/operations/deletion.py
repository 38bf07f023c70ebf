"""Deletes query pictures with everything made from them: files, rows, cropped parts, vectors."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max

from accounts.models import User
from search import engine, images
from search.models import Alert, QueryImage, QueryImageOwner
from search.query_builder.pieces import forget_pieces
from search.query_builder.searched_part import forget_parts

# Pictures of one statement: databases limit the parameters of a query.
_BATCH = 500


def delete_pictures(image_ids: Collection[str]) -> int:
    """Delete these pictures, and the parts cropped from them that nobody keeps otherwise; returns how many.

    Ids that no picture has are skipped. The vectors go once the transaction is committed.
    """
    found = sorted(_with_crops(set(filter(images.is_hash, image_ids))))
    deleted = 0
    for start in range(0, len(found), _BATCH):
        deleted += _delete(found[start : start + _BATCH])
    return deleted


def forget(user: User) -> None:
    """Delete the pictures that the user uploaded, save those that somebody else uploaded as well, and the
    alerts with their mails: what cascades from the account would not wait for a mail that is being queued.

    Called through ``settings.FORGET_SECTIONS`` before an account is deleted.
    """
    with transaction.atomic():
        Alert.objects.filter(user=user).delete()
        owned = QueryImageOwner.objects.filter(user=user)
        image_ids = set(owned.values_list("image_id", flat=True))
        owned.delete()
        others = QueryImage.objects.filter(pk__in=image_ids, owners__isnull=False)
        # What stays, stays only as long as the other owners' day lasts.
        for image_id, last in others.annotate(last=Max("owners__expires_at")).values_list("pk", "last"):
            QueryImage.objects.filter(pk=image_id).update(expires_at=last)
            image_ids.discard(image_id)
        delete_pictures(image_ids)


def _with_crops(image_ids: set[str]) -> set[str]:
    """These pictures and, over any number of steps, the parts that have no owner but through them."""
    found, latest = set(image_ids), set(image_ids)
    while latest:
        crops = QueryImageOwner.objects.filter(cropped_from__in=latest)
        parts = set(crops.values_list("image_id", flat=True))
        others = QueryImageOwner.objects.filter(image__in=parts).exclude(cropped_from__in=found)
        latest = parts - set(others.values_list("image_id", flat=True)) - found
        found |= latest
    return found


@transaction.atomic
def _delete(image_ids: Collection[str]) -> int:
    pictures = QueryImage.objects.filter(pk__in=image_ids)
    # Locked, so that nobody becomes an owner of what is being deleted.
    names = list(pictures.select_for_update().values_list("picture", flat=True))
    _total, by_model = pictures.delete()
    # Before the commit: who uploads the same picture now waits for it, and then finds no file and writes one.
    for name in names:
        default_storage.delete(name)
    transaction.on_commit(partial(_forget_what_was_made, image_ids))
    return by_model.get(QueryImage._meta.label, 0)


def _forget_what_was_made(image_ids: Collection[str]) -> None:
    engine.embeddings().forget_images(image_ids)
    forget_pieces(image_ids)
    forget_parts(image_ids)
