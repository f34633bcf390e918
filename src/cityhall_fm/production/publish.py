"""Built files and media -> Bucket: plan what differs, then send it, the feed last."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cityhall_fm.production.ports import Bucket, Progress, PublicFolder
from cityhall_fm.show.episode import Enclosure, Key
from cityhall_fm.show.errors import NotReadyError
from cityhall_fm.show.publication import (
    Manifest,
    Publication,
    PublicFile,
    Stage,
    Upload,
    plan_publication,
    public_file,
)
from cityhall_fm.show.text import Text


def publish(
    *,
    folder: PublicFolder,
    enclosures: Sequence[Enclosure],
    bucket: Bucket,
    progress: Progress,
    plan_only: bool = False,
) -> Publication:
    """Put everything that listeners shall find in the bucket; `enclosures` are those of published episodes.

    Media go first, then attachments, pages, the feed, and last the manifest: whatever breaks this off,
    listeners find the old show or the new one. `plan_only` does nothing but tell. Raises NotReadyError
    for media that are neither here nor in the bucket, and BucketError.
    """
    stored = bucket.manifest()
    plan = plan_publication(_wanted(folder, enclosures), stored)
    if plan.missing:
        raise NotReadyError(
            "publish.media_missing", count=len(plan.missing), missing=[_missing(key) for key in plan.missing]
        )
    if plan.uploads and not plan_only:
        _send(plan.uploads, folder, bucket, progress)
        # What is no longer wanted stays: apps may still ask for it.
        bucket.put_manifest(_after(stored, plan.uploads))
    return Publication(plan, bucket.where)


def _wanted(folder: PublicFolder, enclosures: Iterable[Enclosure]) -> list[PublicFile]:
    """List the files that listeners shall find; media only as published episodes name them."""
    here = {file.key: file for file in folder.files()}
    media = {
        enclosure.key: public_file(
            enclosure.key, sha256=enclosure.sha256, length_bytes=enclosure.length_bytes, here=False
        )
        for enclosure in enclosures
    }
    for key, file in media.items():
        known = here.get(key)
        if known and known.fingerprint == file.fingerprint:
            media[key] = known
    built = [file for file in here.values() if file.stage is not Stage.MEDIA]
    return [*media.values(), *built]


def _send(uploads: Sequence[Upload], folder: PublicFolder, bucket: Bucket, progress: Progress) -> None:
    total = sum(upload.file.fingerprint.length_bytes for upload in uploads)
    progress.step(Text.of("publish.sending", count=len(uploads), megabytes=f"{total / 1e6:.1f}"))
    done = 0
    for upload in uploads:
        bucket.put(upload.file, folder.path(upload.file.key))
        done += upload.file.fingerprint.length_bytes
        progress.advance(done, total)


def _after(stored: Manifest, uploads: Iterable[Upload]) -> Manifest:
    return {**stored, **{upload.file.key: upload.file.fingerprint for upload in uploads}}


def _missing(key: Key) -> Text:
    number = re.match(r"media/0*(\d+)-", key)
    if number:
        return Text.of("publish.master_missing", key=key, number=int(number[1]))
    return Text.of("publish.file_missing", key=key)
