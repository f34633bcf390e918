"""Files -> Bucket: several at a time, one stage after the other, told in bytes."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import replace
from typing import Final

from cityhall_fm.production.ports.progress import Progress
from cityhall_fm.production.ports.storage import Bucket, PublicFolder
from cityhall_fm.show.episode import Key
from cityhall_fm.show.publication import Fingerprint, Upload

_AT_ONCE: Final = 8


class Counter:
    """Adds up what all threads have sent."""

    def __init__(self, total: int, progress: Progress) -> None:
        self._total, self._progress = total, progress
        self._done = 0
        self._lock = threading.Lock()

    def add(self, length: int) -> None:
        with self._lock:
            self._done = min(self._total, self._done + length)
            self._progress.advance(self._done, self._total)


def send_files(
    uploads: Sequence[Upload], *, folder: PublicFolder, bucket: Bucket, counter: Counter
) -> Mapping[Key, Fingerprint]:
    """Send the files of one stage; gives what is stored now. A failure keeps the rest from starting."""

    def send(upload: Upload) -> tuple[Key, Fingerprint]:
        etag = bucket.put(upload.file, folder.path(upload.file.key), counter.add)
        return upload.file.key, replace(upload.file.fingerprint, etag=etag)

    with ThreadPoolExecutor(min(_AT_ONCE, max(1, len(uploads))), "upload") as threads:
        sending = [threads.submit(send, upload) for upload in uploads]
        wait(sending, return_when=FIRST_EXCEPTION)
        for each in sending:
            each.cancel()
    return dict(each.result() for each in sending if not each.cancelled())
