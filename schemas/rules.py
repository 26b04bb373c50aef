"""rules.toml: what a rule of each kind must say.

pydantic and not pandera, since a rule is a nested record and not a row. Belongs here: keys and
types of each kind. Does not belong here: what a kind means; pipeline/rules turns each into terms of
one linear system, or looks at printed values.
"""

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

AS_DESCRIBED = "table_is_as_described"
RULES_CAN_HOLD = "rules_can_hold"
FACTS_ARE_CHECKED = "every_fact_is_checked_by_a_rule"
DOCUMENTS_AGREE = "documents_agree_with_their_own_rules"
TRANSLATIONS_AGREE: Final = "translations_agree"
NOT_OF_RULES = (AS_DESCRIBED, RULES_CAN_HOLD, FACTS_ARE_CHECKED, DOCUMENTS_AGREE)
"""The checks of the results that are no rule's; each rule is a check of its name beside them."""


def _not_taken(name: str) -> str:
    if name in {*NOT_OF_RULES, TRANSLATIONS_AGREE}:
        raise PydanticCustomError(
            "taken", "another name; this is that of a check that every run makes"
        )
    return name


Text = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Operand(_Strict):
    """Which observations a rule takes one by one: those of an indicator."""

    indicator: Text


class Parts(_Strict):
    """Which observations a rule takes together: those of the children of an area, or of a category
    or the top of its tree.

    `of` narrows this to the children of one code; `codes` names the parts instead, which are then
    parts of `of` (for categories without `of`: of the whole that has no category).
    """

    indicator: Text
    over: Literal["area", "category"]
    of: Text | None = None
    codes: Annotated[list[Text], Field(min_length=1)] | None = None


class _Rule(_Strict):
    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$"), AfterValidator(_not_taken)]
    title: Text
    severity: Literal["error", "warning", "information"]


class AddsUp(_Rule):
    """The whole is the sum of its parts; a part that nobody states is unknown, not 0."""

    kind: Literal["adds_up"]
    whole: Operand
    parts: Parts


class PartsOf(_Rule):
    """The sum of disjoint parts is at most their whole."""

    kind: Literal["parts_of"]
    whole: Operand
    parts: Parts
    remainder: Literal["flag"] | None = None


class Subset(_Rule):
    """A part is at most its whole."""

    kind: Literal["subset"]
    part: Operand
    whole: Operand


class ShareOf(_Rule):
    """A share of its base is the count of the part: share / 100 x base = count."""

    kind: Literal["share_of"]
    shares: Parts


class SharesPartial(_Rule):
    """Exclusive shares sum to at most 100 percent."""

    kind: Literal["shares_partial"]
    shares: Parts


class SharesComplete(_Rule):
    """Exclusive shares sum to 100 percent, within their rounding."""

    kind: Literal["shares_complete"]
    shares: Parts


class MultiResponse(_Rule):
    """Overlapping shares: their sum is mentions per 100, not a whole."""

    kind: Literal["multi_response"]
    shares: Parts


class Growth(_Rule):
    """A later stock is an earlier one and what a yearly flow has added since; with a gross flow, at
    most that.
    """

    kind: Literal["growth"]
    stock: Operand
    flow: Operand
    gross: bool = False


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
    each: tuple[Literal["start", "end"], Literal["end", "published"]] | None = Field(
        default=None, strict=False
    )


class SameQuantity(_Rule):
    """Statements of one quantity, in one source or several, are of one value; without `quantity`,
    of any indicator.
    """

    kind: Literal["same_quantity"]
    quantity: Operand | None = None


class Ranked(_Rule):
    """Printed values do not increase in the order in which the source lists them."""

    kind: Literal["ranked"]
    values: Parts


class Distinct(_Rule):
    """No printed value of a list is printed twice."""

    kind: Literal["distinct"]
    values: Parts


class SamePrecision(_Rule):
    """The values of a list are printed with the same number of decimals."""

    kind: Literal["same_precision"]
    values: Parts


class Translations(_Rule):
    """A text and its translation say the same. Built in: it holds as soon as a source has a
    translation_of.
    """

    id: str = TRANSLATIONS_AGREE
    kind: Literal["translation"] = "translation"
    title: Text = "A text and its translation say the same numbers, events and reported speech"
    severity: Literal["error"] = "error"


Listing = Ranked | Distinct | SamePrecision | Translations
"""The kinds that look at printed values and have no arithmetic."""

Linear = (
    AddsUp
    | PartsOf
    | Subset
    | ShareOf
    | SharesPartial
    | SharesComplete
    | MultiResponse
    | Growth
    | Elapsed
    | Order
    | SameQuantity
)
"""The kinds that are terms of the linear system."""

Rule = Annotated[Linear | Listing, Field(discriminator="kind")]


class RulesFile(_Strict):
    """The content of a rules.toml."""

    rule: list[
        Annotated[Linear | Ranked | Distinct | SamePrecision, Field(discriminator="kind")]
    ] = []


HEAVIEST = 1000
"""The most that a fact can be trusted, beside others: what a repair that changes it costs."""
