-- The tightest bounds that any one group puts on each of its variables that has the coefficient 1 or -1: its sum compared
-- with 0, the others at their ends. Infinite terms are counted apart, so that nothing is ever inf - inf.
-- In: targets (the rows of variables whose bounds are asked), rule_groups, term_intervals (terms.sql). Out: only what is tighter
-- than a variable's own bounds.
WITH totals AS (
    SELECT
        rule_id,
        group_id,
        CAST(COALESCE(SUM(term_lower), 0) AS DECIMAL(38, 14)) AS sum_lower,
        CAST(COALESCE(SUM(term_upper), 0) AS DECIMAL(38, 14)) AS sum_upper,
        SUM(CASE WHEN term_lower IS NULL THEN 1 ELSE 0 END) AS endless_lower,
        SUM(CASE WHEN term_upper IS NULL THEN 1 ELSE 0 END) AS endless_upper,
        SUM(CASE WHEN term_lower IS NOT NULL AND NOT term_lower_closed THEN 1 ELSE 0 END) AS strict_lower,
        SUM(CASE WHEN term_upper IS NOT NULL AND NOT term_upper_closed THEN 1 ELSE 0 END) AS strict_upper
    FROM term_intervals
    GROUP BY rule_id, group_id
),
rests AS (
    SELECT
        term_intervals.rule_id,
        term_intervals.group_id,
        term_intervals.variable,
        term_intervals.is_positive,
        targets.is_integer,
        CAST(targets.lower_bound AS DECIMAL(38, 14)) AS old_lower,
        targets.lower_closed AS old_lower_closed,
        CAST(targets.upper_bound AS DECIMAL(38, 14)) AS old_upper,
        targets.upper_closed AS old_upper_closed,
        rule_groups.op,
        CASE WHEN totals.endless_lower = CASE WHEN term_intervals.term_lower IS NULL THEN 1 ELSE 0 END
            THEN CAST(totals.sum_lower - COALESCE(term_intervals.term_lower, 0) AS DECIMAL(38, 14)) END AS rest_lower,
        CASE WHEN totals.endless_upper = CASE WHEN term_intervals.term_upper IS NULL THEN 1 ELSE 0 END
            THEN CAST(totals.sum_upper - COALESCE(term_intervals.term_upper, 0) AS DECIMAL(38, 14)) END AS rest_upper,
        totals.strict_lower
            = CASE WHEN term_intervals.term_lower IS NOT NULL AND NOT term_intervals.term_lower_closed THEN 1 ELSE 0 END
            AS rest_lower_closed,
        totals.strict_upper
            = CASE WHEN term_intervals.term_upper IS NOT NULL AND NOT term_intervals.term_upper_closed THEN 1 ELSE 0 END
            AS rest_upper_closed
    FROM term_intervals
    JOIN targets ON targets.variable = term_intervals.variable
    JOIN totals ON totals.rule_id = term_intervals.rule_id AND totals.group_id = term_intervals.group_id
    JOIN rule_groups ON rule_groups.rule_id = term_intervals.rule_id AND rule_groups.group_id = term_intervals.group_id
    WHERE term_intervals.is_unit
),
forced AS (
    SELECT
        *,
        CASE
            WHEN NOT is_positive THEN rest_lower
            WHEN op = 'eq' THEN CAST(-rest_upper AS DECIMAL(38, 14))
        END AS lower_bound,
        CASE WHEN is_positive THEN rest_upper_closed ELSE rest_lower_closed END AS lower_closed,
        CASE
            WHEN is_positive THEN CAST(-rest_lower AS DECIMAL(38, 14))
            WHEN op = 'eq' THEN rest_upper
        END AS upper_bound,
        CASE WHEN is_positive THEN rest_lower_closed ELSE rest_upper_closed END AS upper_closed
    FROM rests
),
whole AS (
    SELECT
        rule_id,
        group_id,
        variable,
        old_lower,
        old_lower_closed,
        old_upper,
        old_upper_closed,
        CASE
            WHEN NOT is_integer THEN lower_bound
            WHEN lower_closed THEN CAST(CEIL(lower_bound) AS DECIMAL(38, 14))
            ELSE CAST(CAST(FLOOR(lower_bound) AS DECIMAL(38, 14)) + 1 AS DECIMAL(38, 14))
        END AS lower_bound,
        is_integer OR lower_closed AS lower_closed,
        CASE
            WHEN NOT is_integer THEN upper_bound
            WHEN upper_closed THEN CAST(FLOOR(upper_bound) AS DECIMAL(38, 14))
            ELSE CAST(CAST(CEIL(upper_bound) AS DECIMAL(38, 14)) - 1 AS DECIMAL(38, 14))
        END AS upper_bound,
        is_integer OR upper_closed AS upper_closed
    FROM forced
),
lowers AS (
    SELECT
        variable,
        rule_id,
        group_id,
        lower_bound,
        lower_closed,
        ROW_NUMBER() OVER (PARTITION BY variable ORDER BY lower_bound DESC, lower_closed, rule_id, group_id) AS place
    FROM whole
    WHERE lower_bound IS NOT NULL
        AND (old_lower IS NULL OR lower_bound > old_lower OR (lower_bound = old_lower AND old_lower_closed AND NOT lower_closed))
),
uppers AS (
    SELECT
        variable,
        rule_id,
        group_id,
        upper_bound,
        upper_closed,
        ROW_NUMBER() OVER (PARTITION BY variable ORDER BY upper_bound, upper_closed, rule_id, group_id) AS place
    FROM whole
    WHERE upper_bound IS NOT NULL
        AND (old_upper IS NULL OR upper_bound < old_upper OR (upper_bound = old_upper AND old_upper_closed AND NOT upper_closed))
)
SELECT
    variable, 'lower' AS side, lower_bound AS bound, lower_closed AS is_closed, rule_id, group_id
FROM lowers
WHERE place = 1
UNION ALL
SELECT
    variable, 'upper' AS side, upper_bound AS bound, upper_closed AS is_closed, rule_id, group_id
FROM uppers
WHERE place = 1
