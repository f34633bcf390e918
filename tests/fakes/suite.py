"""A mastering suite that writes a few bytes, for tests of what happens around it."""

# ruff: noqa: ARG002 - a fake needs less than the real one is given

from __future__ import annotations

import hashlib
from pathlib import Path

from cityhall_fm.show.loudness import Loudness
from cityhall_fm.show.mastering import Mastered, MasteringOrder, StationMaster, Written
from cityhall_fm.show.pauses import Pause
from cityhall_fm.show.placement import Placement
from cityhall_fm.show.timecode import Timecode

LOUDNESS = Loudness(-16.0, 5.0, -1.4)
_MINUTES = Timecode.of_seconds(120)


class FakeSuite:
    """Remembers its orders; every file it writes says what it was made of."""

    def __init__(self, *, pauses: tuple[Pause, ...] = ()) -> None:
        self.orders: list[MasteringOrder] = []
        self.clips: list[tuple[Timecode, Timecode]] = []
        self.pictures: list[str] = []
        self._pauses = pauses

    def master(self, order, *, to, progress) -> Mastered:
        self.orders.append(order)
        own = self._write(to, f"mp3 of {self.recipe(order)}")
        return Mastered(
            length_bytes=own.length_bytes,
            sha256=own.sha256,
            duration=_MINUTES,
            loudness=LOUDNESS,
            placement=Placement(Timecode(3000), Timecode(5000)),
            processing={"gain": 3.0},
            alternates=tuple(
                self._write(to.with_suffix(f".{kind}"), kind, f"audio/{kind}")
                for kind in order.settings.alternates
            ),
            waveform=self._write(to.with_suffix(".json"), "peaks", "application/json"),
        )

    def for_station(self, order, *, to, target, bits, progress) -> StationMaster:
        self.orders.append(order)
        return StationMaster(to, Loudness(target.integrated, 5.0, -3.0), _MINUTES)

    def clip(self, source, *, at, length, settings, tags, to, progress) -> Written:
        self.clips.append((at, length))
        return self._write(to, f"{tags.title} from {at} of {source.read_bytes()!r}")

    def picture(self, source, *, to) -> Written:
        self.pictures.append(source.name)
        return self._write(to, f"picture {source}", "image/jpeg")

    def pauses(self, order, *, least, progress):
        self.orders.append(order)
        return self._pauses, _MINUTES

    def length(self, path) -> Timecode:
        return _MINUTES

    def recipe(self, order) -> str:
        ingredients = repr((order.recordings, order.tracks, order.settings, order.tags))
        return hashlib.sha256(ingredients.encode()).hexdigest()

    def _write(self, to: Path, words: str, media_type: str = "audio/mpeg") -> Written:
        to.write_bytes(words.encode())
        return Written(to, len(words.encode()), hashlib.sha256(words.encode()).hexdigest(), media_type, 128)
