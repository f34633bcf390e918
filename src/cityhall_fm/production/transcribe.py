"""Recording -> `transcript.vtt`: what is said, as a machine heard it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cityhall_fm.production.ports.audio import Transcriber
from cityhall_fm.production.ports.episodes import EpisodeShelf
from cityhall_fm.production.ports.progress import Progress
from cityhall_fm.show.episode import Episode, Show
from cityhall_fm.show.errors import AudioError, NotReadyError
from cityhall_fm.show.text import Text
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.show.transcript import Transcribed, one_after_another, together, write


@dataclass(frozen=True, slots=True)
class Heard:
    """What was written down, and how long the recording is."""

    cues: int
    duration: Timecode
    speakers: tuple[str, ...] = ()
    """Who has a track, in the order of their first words."""


def transcribe(
    episode: Episode,
    *,
    show: Show,
    transcriber: Callable[[], Transcriber],
    shelf: EpisodeShelf,
    progress: Progress,
    replace: bool = False,
) -> Heard:
    """Write down what is said in an episode's recording, in the show's language.

    Files of one recording follow each other. Tracks are heard one by one, and whoever a track is named
    after says what is heard in it. The transcriber is made only once everything else is there, for its
    model is large. Raises NotReadyError where a transcript is there already (and `replace` is not asked
    for) or no recording, InputError where the model will not do, AudioError where the recording will not,
    or nobody speaks.
    """
    if episode.transcript is not None and not replace:
        raise NotReadyError("transcripts.exists", number=episode.number)
    recordings, tracks = shelf.recordings(episode.number), shelf.tracks(episode.number)
    missing = []
    if not recordings and not tracks:
        missing.append(Text.of("episodes.no_recording", label=episode.label))
    if recordings and tracks:
        missing.append(Text.of("audio.recording_and_tracks", count=len(tracks)))
    if missing:
        raise NotReadyError("episodes.not_ready", number=episode.number, count=len(missing), missing=missing)
    progress.step(Text.of("transcripts.loading"))
    listener = transcriber()

    def listen(path: Path) -> Transcribed:
        progress.step(Text.of("transcripts.transcribing", name=path.name))
        return listener.transcribe(path, language=show.language, progress=progress)

    if tracks:
        whole = together({name: listen(path) for name, path in tracks.items()})
    else:
        whole = one_after_another(listen(path) for path in recordings)
    if not whole.cues:
        raise AudioError("transcripts.nobody_speaks", path=[*recordings, *tracks.values()][0])
    shelf.keep_transcript(episode.number, write(whole.cues))
    speakers = dict.fromkeys(cue.speaker for cue in whole.cues if cue.speaker)
    return Heard(len(whole.cues), whole.duration, tuple(speakers))
