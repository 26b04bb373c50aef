"""A place that cannot be reached or does not let us in is one sentence, without secrets."""

import re
from pathlib import Path
from urllib.parse import quote

import pytest

from pipeline.release.second_place import copy_release
from tests.conftest import free_port
from tests.s3_server import S3
from tests.second_place.conftest import only_defect


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("second/place", "URI has empty scheme"),
        ("", "URI has empty scheme"),
        ("ftp2://host/place", "Unrecognized filesystem type"),
        ("s3://buck et/place", "Cannot parse URI"),
        ("s3://bucket/place?colour=red", "Unexpected query parameter in S3 URI: 'colour'"),
        ("file://host/place", "Unsupported hostname"),
        ("file:///place\0/place", "Cannot parse URI"),
        ("file:///dev/null/place", "Not a directory"),
    ],
)
def test_a_url_that_leads_nowhere_is_one_defect(release: Path, url: str, words: str) -> None:
    code, message = only_defect(copy_release(release, url))
    assert code == "unreachable_place"
    assert words in message


def test_a_place_where_nobody_listens_is_one_defect(release: Path, s3: S3) -> None:
    nobody = S3(free_port(), s3.log).url(
        "bucket", "KEYNAME:/s3cretWord@"
    )  # read as a bucket named KEYNAME
    code, message = only_defect(copy_release(release, nobody))
    assert code == "unreachable_place"
    assert "Could not connect to server" in message
    assert not re.search("KEYNAME|s3cretWord", message)


def test_a_bucket_that_is_not_there_is_made_only_if_the_url_allows_it(
    release: Path, s3: S3
) -> None:
    code, message = only_defect(copy_release(release, s3.url("missing-bucket", allowing="")))
    assert code == "unreachable_place"
    assert "Bucket 'missing-bucket' not found" in message
    assert copy_release(release, s3.url("missing-bucket")).is_new


def test_a_place_that_does_not_let_us_in_is_one_defect_without_who_asked(
    release: Path, s3: S3
) -> None:
    url = s3.url("closed-bucket", f"KEYNAME:{quote('s3cret/Word', safe='')}@")
    assert copy_release(release, url).is_new
    s3.check_keys(0)
    try:
        copied = copy_release(release, url)
    finally:
        s3.check_keys(10**9)
    code, message = only_defect(copied)
    assert code == "unreachable_place"
    assert "s3://***@closed-bucket/facts/1.0.0 cannot be read or written" in message
    assert "ACCESS_DENIED" in message
    assert not re.search("KEYNAME|s3cret|Word", f"{copied}{copied.summary}")


@pytest.mark.parametrize(
    "url",
    [
        "s3://KEYNAME:s3cretWord@bucket/place?colour=red",
        "s3://KEYNAME:s3cret/Word@bucket/place",
        "s3://KEYNAME:s3cret?Word@bucket/place?region=s3cretWord",
        "s3://KEYNAME:s3cret Word@bucket/place",
        "s3://KEYNAME:s3cret@Word@bucket/place",
        "abfs://:s3cretWord@/place",
        "abfs://account@host/container?client_secret=s3cretWord",
        "nope://KEYNAME:s3cret%2FWord@host/place?sig=s3cretWord",
    ],
)
def test_no_message_holds_what_a_url_keeps_secret(release: Path, url: str) -> None:
    copied = copy_release(release, url)
    assert only_defect(copied)[0] == "unreachable_place"
    assert not re.search(
        "KEYNAME|s3cret|Word", f"{copied}{copied.summary}{copied.defects[0].as_json('raw')}"
    )
