"""A build that is only looked at."""

from __future__ import annotations

from cityhall_fm.production.trial import Trial

from fakes.public_folder import FakePublicFolder

MEDIA, CARD = "media/0007-0123456789ab.mp3", "cards/7-wide-0123456789ab.jpg"


def test_what_would_be_kept_would_be_there_and_what_would_go_would_not():
    folder = FakePublicFolder({MEDIA: b"ID3", CARD: b"card", "old.html": b"old", "feed.xml": b"old"})
    trial = Trial(folder)
    assert CARD in trial.untouched()
    trial.build({"feed.xml": b"new"}, kept=[CARD])
    assert sorted(file.key for file in trial.files()) == [CARD, "feed.xml", MEDIA]
    assert folder.contents["feed.xml"] == b"old"
