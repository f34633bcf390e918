"""What a downloaded media file really is, whatever its name and its server say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from cityhall_fm.production.ports.moving import Media
from cityhall_fm.show.errors import AudioError
from cityhall_fm.show.timecode import Timecode

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer

_KINDS: Final = {  # FFmpeg's names of containers; Apple's RSS guide for the types
    "aac": ("aac", "audio/aac"),
    "flac": ("flac", "audio/flac"),
    "mov,mp4,m4a,3gp,3g2,mj2": ("m4a", "audio/x-m4a"),
    "mp3": ("mp3", "audio/mpeg"),
    "ogg": ("opus", "audio/ogg"),
    "wav": ("wav", "audio/wav"),
}
_VIDEO: Final = ("mp4", "video/mp4")
_PATIENCE: Final = 50
"""Packets within which a decoder must have made sound."""
_PICTURES: Final = frozenset({"bmp", "gif", "mjpeg", "png", "webp"})
"""What covers are; any other pictures move."""


class AvMediaProbe:
    """Fulfils MediaProbe with PyAV: every packet is counted, which takes a tenth of a second an hour."""

    def look(self, path: Path) -> Media:
        """Tell a file's kind and length; AudioError where it holds no sound that podcast apps play."""
        import av  # noqa: PLC0415 - loaded when needed

        try:
            with av.open(str(path)) as container:
                if not container.streams.audio:
                    raise AudioError("moving.not_audio")
                moves = any(stream.codec_context.name not in _PICTURES for stream in container.streams.video)
                kind = _KINDS.get(container.format.name)
                seconds = _seconds(container, container.streams.audio[0])
        except (av.FFmpegError, OSError, ValueError) as error:
            raise AudioError("moving.not_audio") from error
        if not seconds:
            raise AudioError("moving.not_audio")
        if kind is None:
            raise AudioError("moving.not_a_podcasts_audio")
        return Media(*(_VIDEO if moves and kind[0] == "m4a" else kind), Timecode.of_seconds(seconds))


def _seconds(container: InputContainer, stream: AudioStream) -> float:
    """Add up the packets, since headers guess; 0 where not even the first ones can be decoded."""
    ticks, heard = 0, False
    for place, packet in enumerate(container.demux(stream)):
        ticks += packet.duration or 0
        if not heard and place < _PATIENCE:
            heard = bool(packet.decode())
    return float(ticks * (stream.time_base or 0)) if heard else 0.0
