"""The file publication.toml: where the dataset is published and where its errors are reported.

Its addresses get into pages, JSON, Turtle and YAML: only http and https, and no mark that ends an
address in any of these.
"""

from schemas import columns as c

_SAFE = r"[^\s\x00-\x20\x7f<>\"'{}|^`\\]"
_ADDRESS = rf"^https?://{_SAFE}+$"
_TO_FILL_IN = r"\{(?:fact|version|words)\}"
_REPORT = rf"^https?://[^\s\x00-\x20\x7f<>\"'{{}}|^`\\/?#]+[/?#](?:{_SAFE}|{_TO_FILL_IN})*$"
_WEB_ADDRESS = c.like(
    _ADDRESS, "nothing, or an address that begins with http:// or https://, without spaces"
)

PUBLICATION_TOML = c.schema(
    "publication.toml",
    "Publication",
    "Where the dataset is published",
    ["raw_file"],
    {
        "repository": c.optional_text(
            "Repository", "Where raw/ and the code are kept", _WEB_ADDRESS
        ),
        "homepage": c.optional_text("Homepage", "The dataset's own page", _WEB_ADDRESS),
        "report": c.optional_text(
            "Report",
            "Where an error of a fact is reported",
            c.like(
                _REPORT,
                "nothing, or an address that begins with http:// or https://, with {fact}, "
                "{version} or {words} where these are filled in, such as "
                "https://example.org/new?title={fact}",
            ),
        ),
        **c.RAW_PLACE,
    },
)
