-- The outcome of every group: the interval of the sum of its terms, compared with 0.
-- A coefficient has one sign over its whole interval; an end that is not known makes the sum unbounded on that side.
WITH sized AS (
    SELECT
        rule_terms.rule_id,
        rule_terms.group_id,
        rule_terms.coefficient_lower >= 0 AS is_positive,
        CAST(LEAST(ABS(rule_terms.coefficient_lower), ABS(rule_terms.coefficient_upper)) AS DECIMAL(20, 6)) AS small,
        CAST(GREATEST(ABS(rule_terms.coefficient_lower), ABS(rule_terms.coefficient_upper)) AS DECIMAL(20, 6)) AS large,
        CASE WHEN rule_terms.variable IS NULL THEN CAST(1 AS DECIMAL(20, 6)) ELSE variables.lower_bound END AS lower_bound,
        CASE WHEN rule_terms.variable IS NULL THEN CAST(1 AS DECIMAL(20, 6)) ELSE variables.upper_bound END AS upper_bound,
        rule_terms.variable IS NULL OR variables.lower_closed AS lower_closed,
        rule_terms.variable IS NULL OR variables.upper_closed AS upper_closed,
        COALESCE(variables.role = 'unstated', FALSE) AS is_unstated
    FROM rule_terms
    LEFT JOIN variables ON variables.variable = rule_terms.variable
),
products AS (
    SELECT
        *,
        CAST(CASE WHEN lower_bound >= 0 THEN small ELSE large END * lower_bound AS DECIMAL(38, 14)) AS low,
        CAST(CASE WHEN upper_bound >= 0 THEN large ELSE small END * upper_bound AS DECIMAL(38, 14)) AS high
    FROM sized
),
signed AS (
    SELECT
        rule_id,
        group_id,
        is_unstated,
        is_positive,
        low,
        high,
        CASE WHEN is_positive THEN low ELSE CAST(-high AS DECIMAL(38, 14)) END AS term_lower,
        CASE WHEN is_positive THEN high ELSE CAST(-low AS DECIMAL(38, 14)) END AS term_upper,
        CASE WHEN is_positive THEN lower_closed ELSE upper_closed END AS term_lower_closed,
        CASE WHEN is_positive THEN upper_closed ELSE lower_closed END AS term_upper_closed
    FROM products
),
sums AS (
    SELECT
        rule_id,
        group_id,
        bool_or(is_unstated) AS has_unstated,
        CASE WHEN COUNT(*) = COUNT(term_lower) THEN CAST(SUM(term_lower) AS DECIMAL(38, 14)) END AS imbalance_lower,
        CASE WHEN COUNT(*) = COUNT(term_upper) THEN CAST(SUM(term_upper) AS DECIMAL(38, 14)) END AS imbalance_upper,
        bool_and(term_lower_closed) AS lower_closed,
        bool_and(term_upper_closed) AS upper_closed,
        CASE WHEN bool_and(low IS NOT NULL OR NOT is_positive)
            THEN CAST(SUM(CASE WHEN is_positive THEN low ELSE CAST(0 AS DECIMAL(38, 14)) END) AS DECIMAL(38, 14)) END AS plus_lower,
        CASE WHEN bool_and(high IS NOT NULL OR NOT is_positive)
            THEN CAST(SUM(CASE WHEN is_positive THEN high ELSE CAST(0 AS DECIMAL(38, 14)) END) AS DECIMAL(38, 14)) END AS plus_upper,
        CASE WHEN bool_and(low IS NOT NULL OR is_positive)
            THEN CAST(SUM(CASE WHEN is_positive THEN CAST(0 AS DECIMAL(38, 14)) ELSE low END) AS DECIMAL(38, 14)) END AS minus_lower,
        CASE WHEN bool_and(high IS NOT NULL OR is_positive)
            THEN CAST(SUM(CASE WHEN is_positive THEN CAST(0 AS DECIMAL(38, 14)) ELSE high END) AS DECIMAL(38, 14)) END AS minus_upper,
        SUM(CASE WHEN is_positive THEN 1 ELSE 0 END) AS plus_terms
    FROM signed
    GROUP BY rule_id, group_id
),
judged AS (
    SELECT
        rule_groups.rule_id,
        rule_groups.group_id,
        rule_groups.source_id,
        sums.imbalance_lower,
        sums.imbalance_upper,
        sums.has_unstated,
        sums.plus_lower,
        sums.plus_upper,
        sums.minus_lower,
        sums.minus_upper,
        sums.plus_terms,
        CASE
            WHEN sums.imbalance_lower > 0 OR (sums.imbalance_lower = 0 AND NOT sums.lower_closed) THEN 'violated'
            WHEN rule_groups.op = 'eq' AND (sums.imbalance_upper < 0 OR (sums.imbalance_upper = 0 AND NOT sums.upper_closed))
                THEN 'violated'
            WHEN rule_groups.op = 'le' AND sums.imbalance_upper <= 0 THEN 'satisfied'
            WHEN rule_groups.op = 'eq' AND sums.imbalance_lower = 0 AND sums.imbalance_upper = 0 THEN 'satisfied'
            ELSE 'undetermined'
        END AS outcome
    FROM rule_groups
    JOIN sums ON sums.rule_id = rule_groups.rule_id AND sums.group_id = rule_groups.group_id
)
SELECT
    *,
    CASE
        WHEN outcome <> 'undetermined' THEN NULL
        WHEN has_unstated THEN 'missing_operand'
        ELSE 'satisfiable'
    END AS reason
FROM judged
