-- The outcome of every group: the interval of the sum of its terms, compared with 0. Slack that the rule itself defines (a
-- remainder) is left out of the sum and chosen in the rule's favour: the sum must lie in an interval about 0 instead.
-- In: quantities, rule_groups, rule_terms. The interval of a term is a coefficient times a quantity, both known within bounds, null
-- where there is no end; the least and the greatest product of two intervals lie at their corners.
WITH known AS (
    SELECT
        rule_terms.rule_id,
        rule_terms.group_id,
        quantities.role,
        rule_terms.coefficient_lower AS small,
        rule_terms.coefficient_upper AS large,
        CASE WHEN rule_terms.quantity IS NULL THEN CAST(1 AS DECIMAL(20, 6)) ELSE CAST(quantities.lower AS DECIMAL(20, 6)) END
            AS low,
        CASE WHEN rule_terms.quantity IS NULL THEN CAST(1 AS DECIMAL(20, 6)) ELSE CAST(quantities.upper AS DECIMAL(20, 6)) END
            AS high,
        rule_terms.quantity IS NULL OR quantities.lower_closed AS low_closed,
        rule_terms.quantity IS NULL OR quantities.upper_closed AS high_closed,
        COALESCE(shares.lower_closed, TRUE) AS small_closed,
        COALESCE(shares.upper_closed, TRUE) AS large_closed
    FROM rule_terms
    LEFT JOIN quantities ON quantities.quantity = rule_terms.quantity
    LEFT JOIN (SELECT * FROM quantities WHERE NOT (lower_closed AND upper_closed)) AS shares
        ON shares.quantity = rule_terms.coefficient_quantity
),
corners AS (
    SELECT
        *,
        CAST(CAST(small AS DECIMAL(18, 8)) * low AS DECIMAL(38, 14)) AS small_low,
        CAST(CAST(small AS DECIMAL(18, 8)) * high AS DECIMAL(38, 14)) AS small_high,
        CAST(CAST(large AS DECIMAL(18, 8)) * low AS DECIMAL(38, 14)) AS large_low,
        CAST(CAST(large AS DECIMAL(18, 8)) * high AS DECIMAL(38, 14)) AS large_high
    FROM known
),
ends AS (
    SELECT
        *,
        CASE
            WHEN (low IS NULL AND large > 0) OR (high IS NULL AND small < 0) THEN NULL
            ELSE LEAST(
                COALESCE(small_low, small_high, 0),
                COALESCE(small_high, small_low, 0),
                COALESCE(large_low, large_high, 0),
                COALESCE(large_high, large_low, 0)
            )
        END AS term_lower,
        CASE
            WHEN (high IS NULL AND large > 0) OR (low IS NULL AND small < 0) THEN NULL
            ELSE GREATEST(
                COALESCE(small_low, small_high, 0),
                COALESCE(small_high, small_low, 0),
                COALESCE(large_low, large_high, 0),
                COALESCE(large_high, large_low, 0)
            )
        END AS term_upper
    FROM corners
),
term_intervals AS (
    SELECT
        rule_id,
        group_id,
        role,
        small >= 0 AS is_positive,
        term_lower,
        term_upper,
        COALESCE(
            (small_low = term_lower AND (low_closed OR small = 0) AND (small_closed OR low = 0))
            OR (small_high = term_lower AND (high_closed OR small = 0) AND (small_closed OR high = 0))
            OR (large_low = term_lower AND (low_closed OR large = 0) AND (large_closed OR low = 0))
            OR (large_high = term_lower AND (high_closed OR large = 0) AND (large_closed OR high = 0)),
            small = 0 AND large = 0
        ) AS term_lower_closed,
        COALESCE(
            (small_low = term_upper AND (low_closed OR small = 0) AND (small_closed OR low = 0))
            OR (small_high = term_upper AND (high_closed OR small = 0) AND (small_closed OR high = 0))
            OR (large_low = term_upper AND (low_closed OR large = 0) AND (large_closed OR low = 0))
            OR (large_high = term_upper AND (high_closed OR large = 0) AND (large_closed OR high = 0)),
            small = 0 AND large = 0
        ) AS term_upper_closed
    FROM ends
),
sums AS (
    SELECT
        rule_id,
        group_id,
        bool_or(role = 'unstated') AS has_unstated,
        CASE WHEN bool_and(term_lower IS NOT NULL OR NOT is_positive)
            THEN CAST(COALESCE(SUM(term_lower) FILTER (is_positive), 0) AS DECIMAL(38, 14))
        END AS plus_lower,
        CASE WHEN bool_and(term_upper IS NOT NULL OR NOT is_positive)
            THEN CAST(COALESCE(SUM(term_upper) FILTER (is_positive), 0) AS DECIMAL(38, 14))
        END AS plus_upper,
        CASE WHEN bool_and(term_upper IS NOT NULL OR is_positive)
            THEN CAST(COALESCE(-SUM(term_upper) FILTER (NOT is_positive), 0) AS DECIMAL(38, 14))
        END AS minus_lower,
        CASE WHEN bool_and(term_lower IS NOT NULL OR is_positive)
            THEN CAST(COALESCE(-SUM(term_lower) FILTER (NOT is_positive), 0) AS DECIMAL(38, 14))
        END AS minus_upper,
        bool_and(term_lower_closed OR NOT is_positive) AS plus_lower_closed,
        bool_and(term_upper_closed OR NOT is_positive) AS plus_upper_closed,
        bool_and(term_upper_closed OR is_positive) AS minus_lower_closed,
        bool_and(term_lower_closed OR is_positive) AS minus_upper_closed,
        COUNT(*) FILTER (is_positive) AS plus_terms,
        CAST(plus_lower - minus_upper AS DECIMAL(38, 14)) AS imbalance_lower,
        CAST(plus_upper - minus_lower AS DECIMAL(38, 14)) AS imbalance_upper,
        plus_lower_closed AND minus_upper_closed AS lower_closed,
        plus_upper_closed AND minus_lower_closed AS upper_closed
    FROM term_intervals
    WHERE role IS NULL OR role <> 'remainder'
    GROUP BY rule_id, group_id
),
slack AS (
    SELECT
        rule_id,
        group_id,
        CASE WHEN COUNT(*) = COUNT(term_upper) THEN CAST(-SUM(term_upper) AS DECIMAL(38, 14)) END AS room_lower,
        CASE WHEN COUNT(*) = COUNT(term_lower) THEN CAST(-SUM(term_lower) AS DECIMAL(38, 14)) END AS room_upper
    FROM term_intervals
    WHERE role = 'remainder'
    GROUP BY rule_id, group_id
),
compared AS (
    SELECT
        sums.*,
        rule_groups.source_id,
        slack.group_id IS NOT NULL AS has_slack,
        CASE
            WHEN rule_groups.op = 'le' THEN NULL
            WHEN slack.group_id IS NULL THEN CAST(0 AS DECIMAL(38, 14))
            ELSE slack.room_lower
        END AS room_lower,
        CASE WHEN slack.group_id IS NULL THEN CAST(0 AS DECIMAL(38, 14)) ELSE slack.room_upper END AS room_upper
    FROM rule_groups
    JOIN sums ON sums.rule_id = rule_groups.rule_id AND sums.group_id = rule_groups.group_id
    LEFT JOIN slack ON slack.rule_id = rule_groups.rule_id AND slack.group_id = rule_groups.group_id
),
judged AS (
    SELECT
        *,
        CASE
            WHEN imbalance_lower > room_upper OR (imbalance_lower = room_upper AND NOT lower_closed) THEN 'violated'
            WHEN imbalance_upper < room_lower OR (imbalance_upper = room_lower AND NOT upper_closed) THEN 'violated'
            WHEN (room_upper IS NULL OR imbalance_upper <= room_upper) AND (room_lower IS NULL OR imbalance_lower >= room_lower)
                THEN 'satisfied'
            ELSE 'undetermined'
        END AS outcome
    FROM compared
)
SELECT
    *,
    CASE
        WHEN outcome <> 'undetermined' THEN NULL
        WHEN has_unstated THEN 'missing_operand'
        ELSE 'satisfiable'
    END AS reason
FROM judged
