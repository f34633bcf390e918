"""Publishing: what is sent, in which order, and what a failure leaves."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from datetime import timedelta

import pytest

from cityhall_fm.production.already_public import Known, Remembered
from cityhall_fm.production.publish import PublishingWishes, media_of, publish
from cityhall_fm.show.errors import BucketError, ConflictError, NotReadyError
from cityhall_fm.show.kept_feed import Conditions
from cityhall_fm.show.publication import Manifest
from cityhall_fm.show.text import Text
from cityhall_fm.texts import LANGUAGES, Catalogue

from builders import NOON, an_enclosure
from fakes.bucket import FakeBucket
from fakes.feeds import FakeFeedArchive
from fakes.public_folder import FakePublicFolder

AUDIO = b"ID3 made up"
MEDIA = "media/0007-0123456789ab.mp3"
SEVEN = an_enclosure(7, key=MEDIA, sha256=hashlib.sha256(AUDIO).hexdigest(), length_bytes=len(AUDIO))
FEED_KEPT = "cityhall-fm/feeds/20261120T030000Z-" + hashlib.sha256(b"<rss/>").hexdigest()[:32] + ".xml"
SHOW = {
    "feed.xml": b"<rss/>",
    "index.html": "<p>佐久</p>".encode(),
    "7/index.html": b"<p>7</p>",
    "7/chapters.json": b"{}",
    "artwork-0123456789ab.png": b"PNG",
    MEDIA: AUDIO,
}


class Told:
    """Keeps what a job told while it ran."""

    def __init__(self):
        self.steps, self.figures = [], []

    def step(self, text):
        self.steps.append(Catalogue("ja").word(text))

    def advance(self, done, total):
        self.figures.append((done, total))


@pytest.fixture
def bucket():
    return FakeBucket()


@pytest.fixture
def feeds(bucket):
    """An archive that has met this bucket before."""
    archive = FakeFeedArchive()
    archive.note_conditions(bucket.endpoint, Conditions.UNQUOTED)
    return archive


@pytest.fixture
def send(bucket, feeds, tmp_path):
    def send_show(contents=SHOW, *, enclosures=(SEVEN,), progress=None, now=NOON, feeds=feeds, **wishes):
        folder = FakePublicFolder(contents, root=tmp_path)
        return publish(
            folder=folder,
            enclosures=enclosures,
            bucket=bucket,
            feeds=feeds,
            progress=progress or Told(),
            now=now,
            wishes=PublishingWishes(**wishes),
        )

    return send_show


def test_media_go_first_the_feed_last_and_then_the_manifest(send, bucket):
    send()

    stages = [
        {"get manifest"},
        {f"put {MEDIA}"},
        {"put 7/chapters.json", "put artwork-0123456789ab.png"},
        {"put 7/index.html", "put index.html"},
        {f"put {FEED_KEPT}"},
        {"put feed.xml"},
        {"put manifest"},
    ]
    requests = list(bucket.requests)
    for stage in stages:
        assert {requests.pop(0) for _ in stage} == stage
    assert requests == []
    assert bucket.public == SHOW
    assert set(bucket.stored.files) == set(SHOW)


def test_without_a_change_the_manifest_is_read_and_nothing_else(send, bucket):
    send()
    bucket.requests.clear()

    publication = send()

    assert bucket.requests == ["get manifest"]
    assert (publication.plan.uploads, publication.plan.kept) == ((), len(SHOW))


def test_only_what_changed_is_sent(send, bucket):
    send()
    bucket.requests.clear()

    send({**SHOW, "feed.xml": b"<rss>2</rss>"})

    assert [request.partition("-")[0] for request in bucket.requests] == [
        "get manifest",
        "put cityhall",
        "put feed.xml",
        "put manifest",
    ]


def test_a_plan_sends_nothing_and_tells_everything(send, bucket):
    publication = send(plan_only=True)

    assert bucket.requests == ["get manifest"]
    assert [upload.file.key for upload in publication.plan.uploads][-1] == "feed.xml"
    assert publication.where == bucket.where


def test_media_that_are_in_the_bucket_need_not_be_here(send, bucket):
    send()
    bucket.requests.clear()
    fresh_clone = {key: content for key, content in SHOW.items() if key != MEDIA}

    send(fresh_clone)

    assert bucket.requests == ["get manifest"]


@pytest.mark.parametrize("plan_only", [False, True])
def test_media_that_are_nowhere_are_named_with_the_command_that_makes_them(send, bucket, plan_only):
    eight = an_enclosure(8, key="media/0008-0123456789ab.mp3")
    odd = an_enclosure(9, key="media/odd.mp3")

    with pytest.raises(NotReadyError) as caught:
        send({}, enclosures=[SEVEN, eight, odd], plan_only=plan_only)

    worded = [Catalogue("en").word(missing) for missing in caught.value.missing]
    assert [line.rpartition(": ")[2] for line in worded] == [
        "cityhall-fm master 7",
        "cityhall-fm master 8",
        "put it back into feeds/public",
    ]
    assert bucket.requests == ["get manifest"]
    for language in LANGUAGES:
        assert len(Catalogue(language).word(caught.value.text).splitlines()) == 2


def test_media_that_are_torn_here_are_not_sent(send, bucket):
    with pytest.raises(NotReadyError):
        send({**SHOW, MEDIA: AUDIO[:5]})

    assert bucket.requests == ["get manifest"]


def test_media_of_no_published_episode_stay_here(send, bucket):
    send({**SHOW, "media/0099-ffffffffffff.mp3": b"not yet"})

    assert bucket.public == SHOW


def test_what_apps_may_still_ask_for_stays_and_pages_that_are_no_longer_wanted_go(send, bucket):
    send({**SHOW, "qa/q-7k2m9x4p/index.html": b"withdrawn since"})
    bucket.requests.clear()

    send({"feed.xml": b"<rss/>", MEDIA: AUDIO, "index.html": b"new"})

    gone = {"7/index.html", "qa/q-7k2m9x4p/index.html"}
    assert set(bucket.stored.files) == set(bucket.public) == {*SHOW} - gone
    assert set(bucket.stored.unwanted) == {"7/chapters.json", "artwork-0123456789ab.png"}
    removals = [f"remove {key}" for key in sorted(gone)]
    assert bucket.requests == ["get manifest", "put index.html", *removals, "put manifest"]


def test_what_nothing_names_any_more_is_deleted_after_its_time_of_grace_and_not_before(send, bucket):
    send({**SHOW, "7/transcript.vtt": b"WEBVTT"})
    send(now=NOON + timedelta(days=1))
    for days, there in ((7, True), (9, False)):
        send(now=NOON + timedelta(days=days))
        assert ("7/transcript.vtt" in bucket.objects) is there
    assert bucket.stored.unwanted == {}


def test_media_stay_as_long_as_a_feed_of_the_last_months_names_them(send, bucket):
    send()
    newer = {**{key: of for key, of in SHOW.items() if key != MEDIA}, "feed.xml": b"<rss>2</rss>"}
    for days, there in ((1, True), (150, True), (183, True), (185, False)):
        publication = send(newer, enclosures=(), now=NOON + timedelta(days=days))
        assert (MEDIA in bucket.objects) is there
    assert [unwanted.key for unwanted in publication.plan.deletions] == [MEDIA]


def test_a_clock_far_ahead_deletes_nothing_and_is_told(send, bucket):
    send({**SHOW, "7/transcript.vtt": b"WEBVTT"})
    send(now=NOON + timedelta(days=1))
    ahead = NOON + timedelta(days=4000)
    kept = [key for key in bucket.objects if key.startswith("cityhall-fm/feeds/")]

    for server in (None, NOON + timedelta(days=2)):
        bucket.time = server
        publication = send({**SHOW, "index.html": b"<p/>"}, now=ahead)
        assert [remark.name for remark in publication.remarks] == ["publish.clock_odd"]
        assert {"7/transcript.vtt", *kept} <= bucket.objects.keys()
    newer = {key: of for key, of in SHOW.items() if key != "7/chapters.json"}
    assert send(newer, now=ahead).plan.fading[0].key == "7/transcript.vtt"
    assert "7/chapters.json" not in bucket.stored.unwanted

    bucket.time = NOON + timedelta(days=9)
    assert send(now=NOON + timedelta(days=9)).remarks == ()
    assert "7/transcript.vtt" not in bucket.objects


def test_what_is_wanted_again_in_its_time_of_grace_stays(send, bucket):
    send({**SHOW, "7/transcript.vtt": b"WEBVTT"})
    send(now=NOON + timedelta(days=1))
    send({**SHOW, "7/transcript.vtt": b"WEBVTT"}, now=NOON + timedelta(days=6))
    assert bucket.stored.unwanted == {}
    send({**SHOW, "7/transcript.vtt": b"WEBVTT"}, now=NOON + timedelta(days=60))
    assert bucket.objects["7/transcript.vtt"] == b"WEBVTT"


def test_a_page_goes_even_where_nothing_else_changed(send, bucket):
    send({**SHOW, "qa/q-7k2m9x4p/index.html": b"withdrawn since"})

    publication = send()

    assert publication.plan.removals == ("qa/q-7k2m9x4p/index.html",)
    assert "qa/q-7k2m9x4p/index.html" not in bucket.objects


def test_where_nothing_was_built_no_page_goes(send, bucket):
    send()

    send({MEDIA: AUDIO})

    assert bucket.public == SHOW


def broken_off(send, bucket, contents, *, at):
    """Have a publication stop right there, as a kill would."""
    bucket.fails_at = at
    with pytest.raises(BucketError):
        send(contents)
    bucket.fails_at = None


WITHDRAWN = {**SHOW, "qa/q-7k2m9x4p/index.html": b"withdrawn since", "qa/q-7k2m9x4p/card.vtt": b"WEBVTT"}


@pytest.mark.parametrize("at", ["feed.xml", "manifest"])
def test_a_page_of_a_publication_that_broke_off_goes_with_the_next_one(send, bucket, feeds, at):
    send()
    broken_off(send, bucket, {**WITHDRAWN, "feed.xml": b"<rss>2</rss>"}, at=at)
    assert "qa/q-7k2m9x4p/index.html" in bucket.public

    publication = send()

    assert publication.plan.removals == ("qa/q-7k2m9x4p/index.html",)
    assert bucket.public.keys() - SHOW.keys() == {"qa/q-7k2m9x4p/card.vtt"}
    assert feeds.begun(bucket.where) == {}
    send(now=NOON + timedelta(days=8))
    assert bucket.public == SHOW


@pytest.mark.parametrize("at", ["feed.xml", "manifest"])
def test_an_edit_that_was_taken_back_after_a_publication_broke_off_is_taken_back_in_public(send, bucket, at):
    send()
    wrong = {**SHOW, "index.html": b"<p>wrong</p>", "feed.xml": b"<rss>2</rss>"}
    broken_off(send, bucket, wrong, at=at)
    assert bucket.public["index.html"] == b"<p>wrong</p>"

    assert [str(each) for each in send().plan.uploads] == ["upload index.html", "upload feed.xml"]
    assert bucket.public == SHOW
    bucket.requests.clear()
    send()
    assert bucket.requests == ["get manifest"]


def test_what_a_publication_removed_before_it_broke_off_comes_back_where_it_is_wanted_again(send, bucket):
    send(WITHDRAWN)
    broken_off(send, bucket, SHOW, at="manifest")
    assert "qa/q-7k2m9x4p/index.html" not in bucket.public

    send(WITHDRAWN)

    assert bucket.public == WITHDRAWN


def test_where_media_cannot_be_heard_nothing_is_sent_that_a_person_may_be_named_in(send, bucket, feeds):
    def refuse():
        raise NotReadyError("publish.media_not_heard", where=bucket.where)

    with pytest.raises(NotReadyError):
        send(hear=refuse)

    assert bucket.public.keys() == {MEDIA}
    assert feeds.begun(bucket.where) == {}


def test_what_the_loser_of_a_race_sent_goes_with_the_next_publication(send, bucket):
    send()

    def somebody_else():
        bucket.objects["feed.xml"] = b"<rss>theirs</rss>"

    bucket.meanwhile = somebody_else
    with pytest.raises(ConflictError):
        send({**WITHDRAWN, "feed.xml": b"<rss>2</rss>"})
    bucket.meanwhile = lambda: None
    assert "qa/q-7k2m9x4p/index.html" in bucket.public

    send({**SHOW, "feed.xml": b"<rss>3</rss>"}, adopt=True)

    assert "qa/q-7k2m9x4p/index.html" not in bucket.public


@pytest.mark.parametrize("fails_at", [MEDIA, "7/chapters.json", "index.html", "feed.xml"])
def test_a_failure_leaves_the_old_feed_and_the_old_manifest(send, bucket, fails_at):
    send()
    feed, stored = bucket.objects["feed.xml"], bucket.stored
    bucket.fails_at = fails_at
    newer = b"ID3 newer"
    enclosure = an_enclosure(7, key=MEDIA, sha256=hashlib.sha256(newer).hexdigest(), length_bytes=len(newer))

    with pytest.raises(BucketError):
        send({**{key: content + b"2" for key, content in SHOW.items()}, MEDIA: newer}, enclosures=[enclosure])

    assert bucket.objects["feed.xml"] == feed
    assert bucket.stored == stored


def test_publishing_again_after_a_failure_ends_as_one_clean_run(send, bucket):
    bucket.fails_at = "index.html"
    with pytest.raises(BucketError):
        send()
    bucket.fails_at = None

    send()

    assert bucket.public == SHOW
    assert set(bucket.stored.files) == set(SHOW)


def test_progress_is_told_in_bytes(send):
    told = Told()

    send(progress=told)

    total = sum(map(len, SHOW.values()))
    assert told.figures[-1] == (total, total)
    assert [done for done, _ in told.figures] == sorted(done for done, _ in told.figures)
    assert told.steps == ["6個のファイル(0.0 MB)を送っています"]


def test_planning_leaves_the_sdks_of_services_alone():
    code = (
        "import sys, cityhall_fm.production.publish, cityhall_fm.production.curate, cityhall_fm.adapters.s3,"
        "cityhall_fm.adapters.folder, cityhall_fm.adapters.public_folder\n"
        "cityhall_fm.adapters.s3.S3Bucket('s3://saku/fm').where\n"
        "print(sorted({'boto3', 'botocore', 'sqlalchemy', 'PIL'} & set(sys.modules)))"
    )

    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)  # noqa: S603

    assert done.stdout == "[]\n"


def a_feed(*titles: str) -> bytes:
    items = (f"<item><guid>{title}</guid><title>{title}</title></item>" for title in titles)
    return f"<rss><channel>{''.join(items)}</channel></rss>".encode()


def test_a_feed_that_somebody_else_published_is_not_replaced_and_the_difference_is_told(send, bucket):
    send({**SHOW, "feed.xml": a_feed("佐久の冬支度")})
    theirs = a_feed("佐久の冬支度", "髙橋さんの雪かき ☃️")
    send({**SHOW, "feed.xml": theirs}, feeds=FakeFeedArchive())

    with pytest.raises(ConflictError) as caught:
        send({**SHOW, "feed.xml": a_feed("佐久の冬支度", "春"), "index.html": b"new"})

    assert [Catalogue("ja").word(line) for line in caught.value.missing] == [
        "増える回: 春",
        "なくなる回: 髙橋さんの雪かき ☃️",
    ]
    assert bucket.objects["feed.xml"] == theirs
    assert bucket.objects["index.html"] == SHOW["index.html"]
    for language in LANGUAGES:
        assert len(Catalogue(language).word(caught.value.text).splitlines()) == 2


def test_a_feed_that_somebody_else_publishes_meanwhile_is_not_replaced(send, bucket):
    send()
    theirs = a_feed("ほかの人")
    bucket.meanwhile = lambda: bucket.objects.update({"feed.xml": theirs})

    with pytest.raises(ConflictError) as caught:
        send({**SHOW, "feed.xml": a_feed("私たち")})

    assert bucket.objects["feed.xml"] == theirs
    assert {line.name for line in caught.value.missing} == {"publish.feed_added", "publish.feed_removed"}


@pytest.mark.parametrize("first", ["winner", "loser"])
def test_what_the_loser_of_a_race_has_sent_is_sent_again_by_the_winner(send, bucket, monkeypatch, first):
    send()
    mine = {**SHOW, "feed.xml": a_feed("私たち"), "index.html": b"mine", "7/index.html": b"mine"}
    theirs = {**SHOW, "feed.xml": a_feed("ほかの人"), "index.html": b"theirs", "8/index.html": b"theirs"}

    def lose(**wishes):
        with pytest.raises(ConflictError):
            send(theirs, feeds=FakeFeedArchive(), **wishes)

    if first == "winner":
        lose(hold=lambda: send(mine))
    else:  # right before the winner's manifest
        real, raced = bucket.put_manifest, iter([lose])

        def put_manifest(manifest, **given):
            for race in raced:
                race()
            real(manifest, **given)

        monkeypatch.setattr(bucket, "put_manifest", put_manifest)
        send(mine)
    assert bucket.objects["index.html"] == b"theirs"

    send(mine)

    assert bucket.public == {**mine, "8/index.html": b"theirs"}


def test_verifying_puts_the_kept_copy_of_the_public_feed_back(send, bucket):
    send()
    send({**SHOW, "feed.xml": b"<rss>2</rss>"}, now=NOON + timedelta(days=1))
    kept = {key: of for key, of in bucket.objects.items() if key.startswith("cityhall-fm/feeds/")}
    (copy,) = (key for key, content in kept.items() if content == b"<rss>2</rss>")
    del bucket.objects[copy]

    again = send({**SHOW, "feed.xml": b"<rss>2</rss>"}, verify=True)

    assert [remark.name for remark in again.remarks] == ["publish.kept_again"]
    assert {key: of for key, of in bucket.objects.items() if key.startswith("cityhall-fm/feeds/")} == kept
    assert bucket.headers[copy].cache_control == "private, no-store"
    assert send({**SHOW, "feed.xml": b"<rss>2</rss>"}, verify=True).remarks == ()


def test_somebody_elses_feed_is_replaced_where_the_producer_says_so(send, bucket):
    send()
    send({**SHOW, "feed.xml": a_feed("ほかの人")}, feeds=FakeFeedArchive())

    send({**SHOW, "feed.xml": a_feed("私たち")}, adopt=True)

    assert bucket.objects["feed.xml"] == a_feed("私たち")


def test_somebody_elses_feed_is_replaced_by_ours_though_ours_has_not_changed(send, bucket):
    ours = {**SHOW, "feed.xml": a_feed("私たち")}
    send(ours)
    bucket.objects["feed.xml"] = a_feed("髙橋さん")

    assert [str(one) for one in send(ours, adopt=True).plan.uploads] == ["upload feed.xml"]
    assert bucket.public == ours
    assert send(ours, adopt=True).plan.uploads == ()


def test_a_plan_tells_that_it_would_be_refused_and_by_what(send, bucket):
    send({**SHOW, "feed.xml": a_feed("私たち")})
    send({**SHOW, "feed.xml": a_feed("髙橋さん")}, feeds=FakeFeedArchive())
    before = dict(bucket.objects)
    newer = {**SHOW, "feed.xml": a_feed("新しい")}

    told = [remark.name for remark in send(newer, plan_only=True).remarks]
    adopting = send(newer, plan_only=True, adopt=True)

    assert told[:2] == ["publish.would_be_refused", "publish.conflict"]
    assert "publish.feed_removed" in told
    assert adopting.remarks == ()
    assert bucket.objects == before

    def lost(_):
        raise NotReadyError("publish.episodes_lost", missing=[Text.of("publish.feed_removed", title="佐久")])

    told = [remark.name for remark in send(newer, plan_only=True, compare=lost).remarks]
    assert told == ["publish.would_be_refused", "publish.episodes_lost", "publish.feed_removed"]


def test_our_own_last_feed_is_compared_without_asking_for_it_and_any_other_as_it_is(send, bucket):
    ours, theirs = a_feed("佐久の冬支度 ☃️"), a_feed("髙橋さんの雪かき")
    compared = []
    send({**SHOW, "feed.xml": ours})
    send({**SHOW, "feed.xml": ours + b" "}, compare=compared.append)
    assert "get feed.xml" not in bucket.requests

    send({**SHOW, "feed.xml": theirs}, feeds=FakeFeedArchive())
    with pytest.raises(ConflictError):
        send({**SHOW, "feed.xml": ours}, compare=compared.append)

    assert compared == [ours, theirs]


def test_where_somebody_deleted_the_manifest_the_feed_in_the_bucket_is_compared(send, bucket):
    ours, compared = a_feed("佐久の冬支度 ☃️"), []
    send({**SHOW, "feed.xml": ours})
    bucket.stored = Manifest({})
    send({**SHOW, "feed.xml": ours + b" "}, compare=compared.append)
    assert compared == [ours]


def test_an_answer_that_was_lost_is_no_conflict(send, bucket):
    send()
    bucket.loses = "feed.xml"

    send({**SHOW, "feed.xml": a_feed("私たち")})

    assert bucket.objects["feed.xml"] == a_feed("私たち")
    bucket.requests.clear()
    send({**SHOW, "feed.xml": a_feed("私たち")})
    assert bucket.requests == ["get manifest"]


@pytest.mark.parametrize("then", [a_feed("一"), a_feed("一", "二")])
def test_a_run_that_ended_between_feed_and_manifest_is_taken_up_again(send, bucket, monkeypatch, then):
    send()

    def killed(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(bucket, "put_manifest", killed)
        with pytest.raises(KeyboardInterrupt):
            send({**SHOW, "feed.xml": a_feed("一")})

    send({**SHOW, "feed.xml": then})

    assert bucket.objects["feed.xml"] == then


def test_two_manifests_at_once_lose_nothing(send, bucket):
    send()

    def somebody_else():
        bucket.meanwhile = lambda: None
        bucket.objects["theirs.css"] = b"css"
        files = {**bucket.stored.files, "theirs.css": bucket.stored.files["index.html"]}
        bucket.stored = type(bucket.stored)(files, etag="99")

    bucket.meanwhile = somebody_else
    send({**SHOW, "feed.xml": a_feed("一")})

    assert set(bucket.stored.files) == {*SHOW, "theirs.css"}


def test_where_conditions_are_not_honoured_it_looks_first_and_says_so(bucket, send):
    bucket._conditions = Conditions.IGNORED
    archive = FakeFeedArchive()

    publication = send(feeds=archive)

    assert [remark.name for remark in publication.remarks] == ["publish.conditions_ignored"]
    assert bucket.requests.count("probe") == 1
    bucket.objects["feed.xml"] = a_feed("ほかの人")
    with pytest.raises(ConflictError):
        send({**SHOW, "feed.xml": a_feed("私たち")}, feeds=archive)
    assert bucket.requests.count("probe") == 1
    assert bucket.objects["feed.xml"] == a_feed("ほかの人")


def test_verifying_sends_again_what_is_missing_or_damaged(send, bucket):
    send()
    del bucket.objects["7/index.html"]
    bucket.objects["index.html"] = b"damaged"
    send()
    assert "7/index.html" not in bucket.objects

    publication = send(verify=True)

    assert {upload.file.key for upload in publication.plan.uploads} == {"7/index.html", "index.html"}
    assert bucket.public == SHOW


def test_verifying_lets_go_what_nobody_knows_after_its_time_of_grace(send, bucket):
    send()
    stray, preview = "media/0099-ffffffffffff.mp3", "preview/" + "ab" * 16 + "/index.html"
    bucket.objects |= {stray: b"ID3", preview: b"soon", "robots-佐久.txt": b"theirs"}

    told = send(verify=True, hidden=lambda: [preview])
    assert [unwanted.key for unwanted in told.plan.fading] == [stray]
    assert [remark.values["keys"] for remark in told.remarks] == ["robots-佐久.txt"]
    send(verify=True, now=NOON + timedelta(days=182), hidden=lambda: [preview])
    assert {stray, preview} <= bucket.objects.keys()

    send(now=NOON + timedelta(days=184))
    assert stray not in bucket.objects
    send(verify=True, now=NOON + timedelta(days=184))
    assert preview not in bucket.objects
    assert "robots-佐久.txt" in bucket.objects


def test_verifying_gives_up_what_was_broken_off_a_day_ago(send, bucket, monkeypatch):
    send()
    bucket.unfinished = {"old": NOON - timedelta(days=2), "new": NOON - timedelta(hours=2)}
    assert send().remarks == ()
    assert [remark.name for remark in send(verify=True).remarks] == ["publish.unfinished_aborted"]
    assert [*bucket.unfinished] == ["new"]

    def refused(**_):
        raise BucketError("publish.refused", where="s3://saku", key="media/", code="AccessDenied")

    monkeypatch.setattr(bucket, "abort_unfinished", refused)
    names = [remark.name for remark in send(verify=True).remarks]
    assert names == ["publish.unfinished_unknown", "publish.refused"]


def _known(bucket, tmp_path, contents, **remembered):
    here = FakePublicFolder(contents, root=tmp_path).files()
    told = Remembered("s3://saku", tuple(media_of([SEVEN])), **remembered)
    return Known(here, bucket.stored, told, FakeFeedArchive())


def test_what_was_looked_at_a_moment_ago_is_not_looked_at_again(send, bucket, tmp_path):
    send()
    bucket.requests.clear()
    changed = {**SHOW, "index.html": "<p>髙橋</p>".encode()}

    known = _known(bucket, tmp_path, changed, endpoint=bucket.endpoint, conditions="unquoted")
    send(changed, enclosures=(), feeds=None, known=known)  # no archive: nothing is asked of it

    assert bucket.requests == ["put index.html", "put manifest"]
    assert bucket.public == changed


def test_how_another_service_wants_conditions_is_not_taken_over(send, bucket, tmp_path):
    send()
    bucket.requests.clear()
    changed = {**SHOW, "index.html": "<p>髙橋</p>".encode()}

    known = _known(bucket, tmp_path, changed, endpoint="https://elsewhere.example.jp", conditions="ignored")
    publication = send(changed, enclosures=(), feeds=FakeFeedArchive(), known=known)

    assert "probe" in bucket.requests
    assert publication.remarks == ()
