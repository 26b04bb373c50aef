"""rules.toml: what a rule of each kind must say.

pydantic and not pandera, since a rule is a nested record and not a row. Belongs here: keys and types of each kind. Does not
belong here: what a kind means; pipeline/consistency turns each into terms of one linear system.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Operand(_Strict):
    """Which observations a rule takes: those of an indicator, one by one or all parts of an area or tree together."""

    indicator: Text
    over: Literal["area", "category"] | None = None


class Parts(_Strict):
    """Which observations a rule takes together: all parts of an area, or all top categories of a tree."""

    indicator: Text
    over: Literal["area", "category"]


class _Rule(_Strict):
    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Text
    severity: Literal["error", "warning", "information"]


class Subset(_Rule):
    """A part is at most its whole."""

    kind: Literal["subset"]
    part: Operand
    whole: Operand


class PartsOf(_Rule):
    """The sum of disjoint parts is at most their whole."""

    kind: Literal["parts_of"]
    whole: Operand
    parts: Parts
    remainder: Literal["flag"] | None = None


class SharesPartial(_Rule):
    """Exclusive shares sum to at most 100 percent."""

    kind: Literal["shares_partial"]
    shares: Parts


class MultiResponse(_Rule):
    """Overlapping shares: their sum is mentions per 100, not a whole."""

    kind: Literal["multi_response"]
    shares: Parts


class Growth(_Rule):
    """A later stock is an earlier one and what a yearly flow has added since."""

    kind: Literal["growth"]
    stock: Operand
    flow: Operand


class Elapsed(_Rule):
    """The time from one event to another, or to publication, is the duration that a fact states."""

    kind: Literal["elapsed"]
    from_: Annotated[Text, Field(alias="from")]
    to: Text
    duration: Text


class Order(_Rule):
    """Events of one source in their order, or two ends of each dated fact."""

    kind: Literal["order"]
    sequence: Annotated[list[Text], Field(min_length=2)] | None = None
    each: tuple[Literal["start", "end"], Literal["end", "published"]] | None = Field(default=None, strict=False)


Rule = Annotated[
    Subset | PartsOf | SharesPartial | MultiResponse | Growth | Elapsed | Order,
    Field(discriminator="kind"),
]


class RulesFile(_Strict):
    """The content of a rules.toml."""

    rule: list[Rule] = []
