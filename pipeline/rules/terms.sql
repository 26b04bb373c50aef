-- The interval of every term: coefficient times variable, both known within bounds; null where there is no end.
-- In: variables, rule_groups, rule_terms. The least and the greatest product of two intervals lie at their corners.
WITH known AS (
    SELECT
        rule_terms.rule_id,
        rule_terms.group_id,
        rule_terms.variable,
        variables.role,
        rule_terms.coefficient_lower AS small,
        rule_terms.coefficient_upper AS large,
        CASE WHEN rule_terms.variable IS NULL THEN CAST(1 AS DECIMAL(19, 6)) ELSE CAST(variables.lower_bound AS DECIMAL(19, 6)) END
            AS low,
        CASE WHEN rule_terms.variable IS NULL THEN CAST(1 AS DECIMAL(19, 6)) ELSE CAST(variables.upper_bound AS DECIMAL(19, 6)) END
            AS high,
        rule_terms.variable IS NULL OR variables.lower_closed AS low_closed,
        rule_terms.variable IS NULL OR variables.upper_closed AS high_closed,
        COALESCE(shares.lower_closed, TRUE) AS small_closed,
        COALESCE(shares.upper_closed, TRUE) AS large_closed
    FROM rule_terms
    LEFT JOIN variables ON variables.variable = rule_terms.variable
    LEFT JOIN variables AS shares ON shares.variable = rule_terms.coefficient_variable
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
            WHEN (low IS NULL AND large > 0) OR (high IS NULL AND small < 0) THEN CAST(NULL AS DECIMAL(38, 14))
            ELSE LEAST(
                COALESCE(small_low, small_high, CAST(0 AS DECIMAL(38, 14))),
                COALESCE(small_high, small_low, CAST(0 AS DECIMAL(38, 14))),
                COALESCE(large_low, large_high, CAST(0 AS DECIMAL(38, 14))),
                COALESCE(large_high, large_low, CAST(0 AS DECIMAL(38, 14)))
            )
        END AS term_lower,
        CASE
            WHEN (high IS NULL AND large > 0) OR (low IS NULL AND small < 0) THEN CAST(NULL AS DECIMAL(38, 14))
            ELSE GREATEST(
                COALESCE(small_low, small_high, CAST(0 AS DECIMAL(38, 14))),
                COALESCE(small_high, small_low, CAST(0 AS DECIMAL(38, 14))),
                COALESCE(large_low, large_high, CAST(0 AS DECIMAL(38, 14))),
                COALESCE(large_high, large_low, CAST(0 AS DECIMAL(38, 14)))
            )
        END AS term_upper
    FROM corners
)
SELECT
    rule_id,
    group_id,
    variable,
    role,
    small >= 0 AS is_positive,
    small = large AND ABS(small) = 1 AS is_unit,
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
