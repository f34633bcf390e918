"""How dates, lengths and names are said in the show's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from cityhall_fm.show.consent import PublicName
from cityhall_fm.show.episode import Episode, Person, Show
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.texts import Catalogue, entries

_AREA = "pages"
_Day = date
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Wording:
    """What templates call to say something: `say`, `date`, `duration`, `size`, `byline`."""

    show: Show
    html: bool

    @property
    def language(self) -> str:
        return Catalogue(self.show.language).language

    def say(self, entry: str, /, **values: object) -> str:
        """Say an entry of `pages.toml`; in HTML, its values are escaped."""
        words = entries(_AREA)[entry][self.language]
        return escape(words).format(**values) if self.html else words.format(**values)

    def date(self, moment: datetime) -> str:
        """Say a date and, as far as needed, its time: 2026年11月30日(月)20時."""
        there = self._there(moment)
        entry = "date_minute" if there.minute else "date_hour"
        values = {"minute": f"{there.minute:02}"} if there.minute else {}
        return self.say(entry, date=self.day(moment), hour=there.hour, **values)

    def day(self, moment: datetime) -> str:
        """Say a date without its time."""
        there = self._there(moment)
        weekday = self._listed("weekdays")[there.weekday()]
        month = self._listed("months")[there.month - 1]
        return self.say("date", year=there.year, month=month, day=self._day_of(there), weekday=weekday)

    def month(self, moment: _Day) -> str:
        """Say a month: 2026年11月."""
        there = self._on(moment)
        return self.say("month", year=there.year, month=self._listed("months")[there.month - 1])

    def short_day(self, moment: _Day) -> str:
        """Say a date without its weekday, for lists."""
        there = self._on(moment)
        month = self._listed("months")[there.month - 1]
        return self.say("short_date", year=there.year, month=month, day=self._day_of(there))

    def _day_of(self, there: _Day) -> object:
        """Write the day of a month; French says "premier" to the first alone."""
        return self.say("first_day") if there.day == 1 else there.day

    def phrases(self, text: str) -> str:
        """Let Japanese break between phrases; other languages break at their spaces."""
        if not self.html or not self.show.language.startswith("ja"):
            return text
        from cityhall_fm.adapters.jinja.phrases import in_phrases  # noqa: PLC0415  loaded when needed

        return in_phrases(text)

    def iso(self, moment: datetime) -> str:
        """Give a date for machines, in the show's own time."""
        return self._there(moment).isoformat(timespec="minutes")

    def duration(self, length: Timecode) -> str:
        minutes, seconds = divmod(length.whole_seconds, 60)
        return self.say("minutes", minutes=minutes, seconds=seconds)

    def size(self, length_bytes: int) -> str:
        return self.say("megabytes", size=f"{max(length_bytes / _MEGABYTE, 0.1):.1f}")

    def heading(self, episode: Episode) -> str:
        return self.say("episode_title", number=episode.number, title=episode.title)

    def byline(self, name: PublicName) -> str:
        """Name who asked, as on the radio; with the reading above it where HTML can show that."""
        if name.name is None:
            return self.say("anonymous_person")
        return self.say("radio_name", name=self.ruby(name.name, name.reading))

    def names(self, people: Iterable[Person]) -> str:
        """Name several people in one line."""
        said = ""
        for person in people:
            said = self.say("and_so_on", before=said, name=person.name) if said else self._own(person.name)
        return said

    def ruby(self, name: str, reading: str | None) -> str:
        """Set the reading above a name; plain text does without."""
        if not self.html or not reading:
            return name
        return Markup("<ruby>{}<rp>(</rp><rt>{}</rt><rp>)</rp></ruby>").format(name, reading)

    def _own(self, text: str) -> str:
        return escape(text) if self.html else text

    def criterion(self, number: str) -> str:
        """Name a success criterion of JIS X 8341-3:2016."""
        return entries("criteria")[number][self.language]

    def _on(self, moment: _Day) -> _Day:
        return self._there(moment) if isinstance(moment, datetime) else moment

    def _there(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.show.timezone))

    def _listed(self, entry: str) -> list[str]:
        return entries(_AREA)[entry][self.language].split()
