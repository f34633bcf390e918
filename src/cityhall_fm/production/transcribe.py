"""Recording -> `transcript.vtt`: what is said, as a machine heard it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cityhall_fm.production.ports.audio import Transcriber
from cityhall_fm.production.ports.episodes import EpisodeShelf
from cityhall_fm.production.ports.progress import Progress
from cityhall_fm.show.episode import Episode, Show
from cityhall_fm.show.errors import AudioError, NotReadyError
from cityhall_fm.show.text import Text
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.show.transcript import Cue, shifted, write


@dataclass(frozen=True, slots=True)
class Heard:
    """What was written down, and how long the recording is."""

    cues: int
    duration: Timecode


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

    The transcriber is made only once everything else is there, for its model is large. Raises
    NotReadyError where a transcript is there already (and `replace` is not asked for) or no recording,
    InputError where the model will not do, AudioError where the recording will not, or nobody speaks.
    """
    if episode.transcript is not None and not replace:
        raise NotReadyError("transcripts.exists", number=episode.number)
    recordings = shelf.recordings(episode.number)
    if not recordings:
        raise NotReadyError(
            "episodes.not_ready",
            number=episode.number,
            count=1,
            missing=[Text.of("episodes.no_recording", label=episode.label)],
        )
    progress.step(Text.of("transcripts.loading"))
    listener = transcriber()
    cues: list[Cue] = []
    since = Timecode(0)
    for recording in recordings:
        progress.step(Text.of("transcripts.transcribing", name=recording.name))
        heard = listener.transcribe(recording, language=show.language, progress=progress)
        cues += shifted(heard.cues, since)
        since += heard.duration
    if not cues:
        raise AudioError("transcripts.nobody_speaks", path=recordings[0])
    shelf.keep_transcript(episode.number, write(cues))
    return Heard(len(cues), since)
