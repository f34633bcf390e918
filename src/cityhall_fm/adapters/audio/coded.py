"""Alternates: AAC in M4A and Opus in Ogg, each encoded, decoded and measured in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from queue import Queue
from typing import TYPE_CHECKING, Any, Final, cast

import av
import numpy as np

from cityhall_fm.adapters.audio.decode import samples_of
from cityhall_fm.adapters.audio.meter import Meter
from cityhall_fm.adapters.audio.worker import Worker, taken
from cityhall_fm.show.errors import AudioError

if TYPE_CHECKING:
    from av.audio.codeccontext import AudioCodecContext
    from av.audio.stream import AudioStream
    from av.packet import Packet

    from cityhall_fm.adapters.audio.decode import Samples
    from cityhall_fm.show.loudness import Loudness
    from cityhall_fm.show.mastering import Alternate

_WAITING: Final = 4


@dataclass(frozen=True, slots=True)
class Coding:
    """How a format is made with FFmpeg's libraries; Opus knows only 48 kHz."""

    container: str
    encoder: str
    decoder: str
    media_type: str
    rate: int | None
    share: float
    """Of the MP3's bit rate: what sounds as good."""

    def bitrate(self, of_mp3: int) -> int:
        return round(of_mp3 * self.share)


CODINGS: Final[dict[Alternate, Coding]] = {
    "m4a": Coding("ipod", "aac", "aac", "audio/x-m4a", None, 1.0),
    "opus": Coding("opus", "libopus", "opus", "audio/ogg", 48_000, 0.75),
}


class Coded:
    """One attempt at a file of this coding; `tag` is called with the finished file. Always `close`."""

    given_up = False

    def __init__(
        self,
        path: Path,
        coding: Coding,
        *,
        rate: int,
        channels: int,
        bitrate: int,
        tag: Callable[[Path], None],
    ) -> None:
        self._path, self._tag = path, tag
        self._rate, self._layout = rate, "mono" if channels == 1 else "stereo"
        options = {"fflags": "+bitexact"}
        self._container = av.open(str(path), "w", format=coding.container, options=options)
        self._stream = cast(
            "AudioStream",
            self._container.add_stream(coding.encoder, rate=coding.rate or rate, layout=self._layout),
        )
        self._stream.bit_rate = bitrate * 1000
        self._container.start_encoding()
        self._resampler = av.AudioResampler(
            self._stream.format, self._stream.layout, self._stream.rate, self._stream.frame_size or 1024
        )
        self._decoder: AudioCodecContext = av.CodecContext.create(coding.decoder, "r")  # type: ignore[assignment]
        self._decoder.extradata = self._stream.codec_context.extradata
        self._meter = Meter(self._stream.rate)
        self._position = 0
        self._queue: Queue[Samples | None] = Queue(_WAITING)
        self._error: Exception | None = None
        self._closing = False
        self._thread = Worker(self._work, name=coding.encoder)

    def put(self, samples: Samples) -> None:
        """Queue samples; waits while there is enough to do."""
        self._raise_error()
        if samples.shape[1]:
            self._queue.put(samples)

    def finish(self) -> Loudness:
        """Write the rest and tell how the decoded file measures; call once."""
        self._queue.put(None)
        self._thread.join()
        self._raise_error()
        self._container.close()
        self._tag(self._path)
        return self._meter.loudness()

    def close(self) -> None:
        """Stop, whatever is still waiting."""
        self._closing = True
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join()
        self._container.close()

    def _work(self) -> None:
        while (samples := taken(self._queue)) is not None:
            if self._error or self._closing:
                continue  # keep emptying the queue, so that nobody waits for a place in it
            try:
                self._encode(samples)
            except Exception as error:  # noqa: BLE001 - raised again where the next block is put
                self._error = error
        if not self._error and not self._closing:
            try:
                self._encode(None)
            except Exception as error:  # noqa: BLE001 - as above
                self._error = error

    def _encode(self, samples: Samples | None) -> None:
        frame = None
        if samples is not None:
            whole = np.ascontiguousarray(samples)
            frame = av.AudioFrame.from_ndarray(whole, format="fltp", layout=self._layout)
            frame.sample_rate, frame.time_base = self._rate, Fraction(1, self._rate)
            frame.pts = self._position
            self._position += samples.shape[1]
        packets = [packet for one in self._resampler.resample(frame) for packet in self._stream.encode(one)]
        if frame is None:
            packets += self._stream.encode(None)
        self._listen([*packets, None] if frame is None else packets)
        for packet in packets:
            self._container.mux(packet)

    def _listen(self, packets: Sequence[Packet[Any] | None]) -> None:
        decoded = [samples_of(frame) for packet in packets for frame in self._decoder.decode(packet)]
        if decoded:
            self._meter.feed(np.concatenate(decoded, axis=1))

    def _raise_error(self) -> None:
        if self._error:
            raise AudioError("audio.not_encoded", reason=self._error) from self._error
