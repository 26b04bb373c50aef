"""`facts read`: the numbers, periods and labels of a text."""

import json
from argparse import Namespace

from pipeline.answers import WELL, Answer
from pipeline.evidence.mentions import as_json
from pipeline.read_text import as_rows, document_for, keys_to_set, mentions_of_file, text_of

KEYS = ("language", "decimal", "group", "negative", "country", "fiscal_year_starts")
"""The options that say how a text is written, named as in a Document."""


def answer(options: Namespace) -> Answer:
    """Return the mentions of the text; and of each key of source.toml that is wanted, that it
    is.
    """
    said = {key: getattr(options, key) for key in KEYS} | {"day_order": options.days}
    text = text_of(options.file)
    document = document_for(options.file, said)
    mentions = mentions_of_file(text, document, options.raw)
    if options.format == "json":
        rows = [as_json(mention, text) for mention in mentions]
        out = json.dumps(rows, ensure_ascii=False, indent=2)
    else:
        out = "\n".join(as_rows(text, mentions))
    err = "".join(
        f"facts read: source.toml should say {key}; without it some words are unread\n"
        for key in keys_to_set(mentions)
    )
    return Answer(WELL, f"{out}\n", err)
