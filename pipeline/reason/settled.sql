-- Groups that are settled by themselves, each with the quantities that it narrows: settled.py says which these are. A group is plain
-- if it adds quantities with closed ends (of whole numbers whole ones), each of them once, and not too great; a share of a base is
-- a quantity times a number where one of both is known. A term of it is free if it can make the group hold whatever the rest is.
-- In: quantities, domains, edges (rule_id, group_id, quantity: the quantities that a group speaks of), rule_groups, rule_terms.
WITH known AS (
    SELECT
        quantities.quantity,
        quantities.role = 'stated' AS is_stated,
        quantities.is_integer,
        CASE WHEN is_stated THEN GREATEST(quantities.lower, domains.least) ELSE domains.least END AS low,
        CASE WHEN is_stated THEN LEAST(quantities.upper, domains.most) ELSE domains.most END AS high,
        COALESCE(low = high, FALSE) AS is_point,
        COALESCE(low <= high, TRUE)
        AND (is_stated OR NOT is_point)
        AND (NOT is_stated OR quantities.lower_closed OR quantities.lower IS NULL)
        AND (NOT is_stated OR quantities.upper_closed OR quantities.upper IS NULL)
        AND (NOT quantities.is_integer OR (COALESCE(low % 1, 0) = 0 AND COALESCE(high % 1, 0) = 0)) AS is_plain,
        named.groups
    FROM quantities
    JOIN domains ON domains.quantity = quantities.quantity
    JOIN (SELECT quantity, COUNT(*) AS groups FROM edges GROUP BY quantity) AS named ON named.quantity = quantities.quantity
    UNION ALL
    SELECT '', TRUE, FALSE, 1, 1, TRUE, TRUE, 0 -- what a constant is multiplied by
),
factors AS (
    SELECT
        rule_terms.rule_id,
        rule_terms.group_id,
        shares.quantity IS NOT NULL AS multiplies,
        multiplies AND NOT shares.is_point AS is_share,
        CASE WHEN is_share THEN shares ELSE base END AS moving,
        TRY_CAST(
            CASE
                WHEN NOT multiplies THEN rule_terms.coefficient_lower
                ELSE CASE WHEN is_share THEN base.low ELSE shares.low END * CAST(0.01 AS DECIMAL(3, 2))
            END AS DECIMAL(18, 8)
        ) AS small,
        CASE WHEN multiplies THEN small ELSE TRY_CAST(rule_terms.coefficient_upper AS DECIMAL(18, 8)) END AS large,
        NOT multiplies AND small = large AND ABS(small) = 1 AS is_sum,
        base.is_plain AND COALESCE(shares.is_plain, TRUE) AND (base.is_point OR NOT is_share) AS is_plain,
        (base.quantity <> '')::INT + multiplies::INT AS names
    FROM rule_terms
    JOIN known AS base ON base.quantity = COALESCE(rule_terms.quantity, '')
    LEFT JOIN known AS shares ON shares.quantity = rule_terms.coefficient_quantity
),
terms AS (
    SELECT
        rule_id,
        group_id,
        names,
        moving.quantity AS quantity,
        moving.low AS low,
        moving.high AS high,
        moving.is_integer AS is_integer,
        NOT moving.is_point AS is_moving,
        is_moving AND moving.groups > 1 AS is_shared,
        is_moving AND moving.groups = 1 AND NOT moving.is_stated AS is_slack,
        is_sum,
        small,
        small * CAST(CASE WHEN small < 0 THEN high ELSE low END AS DECIMAL(20, 6)) AS one_end,
        large * CAST(CASE WHEN small < 0 THEN low ELSE high END AS DECIMAL(20, 6)) AS other_end,
        is_plain
        AND (small >= 0 OR large <= 0)
        AND (NOT is_moving OR (small = large AND small <> 0))
        AND (NOT multiplies OR COALESCE(low, -1) >= 0 OR COALESCE(high, 1) <= 0)
        AND GREATEST(ABS(one_end), ABS(other_end), 0) < 10000000000000 AS is_plain,
        CASE WHEN is_moving THEN one_end ELSE LEAST(one_end, other_end) END AS least,
        CASE WHEN is_moving THEN other_end ELSE GREATEST(one_end, other_end) END AS most
    FROM factors
),
named AS (SELECT rule_id, group_id, COUNT(*) AS names FROM edges GROUP BY rule_id, group_id),
sums AS (
    SELECT
        rule_id,
        group_id,
        bool_and(COALESCE(is_plain, FALSE)) AS is_plain,
        SUM(names) AS names,
        COALESCE(SUM(least), 0) AS least,
        COALESCE(SUM(most), 0) AS most,
        COUNT(*) - COUNT(least) AS without_least,
        COUNT(*) - COUNT(most) AS without_most,
        bool_or(is_shared) AS is_shared,
        COUNT(*) FILTER (is_moving AND is_integer) AS whole,
        bool_and(CASE WHEN is_moving THEN is_integer AND is_sum ELSE least = most AND least % 1 = 0 END) AS only_adds,
        COUNT(*) FILTER (is_slack) AS slack
    FROM terms
    GROUP BY rule_id, group_id
),
plain AS (
    SELECT sums.*, rule_groups.op
    FROM sums
    JOIN named ON named.rule_id = sums.rule_id AND named.group_id = sums.group_id AND named.names = sums.names
    JOIN rule_groups ON rule_groups.rule_id = sums.rule_id AND rule_groups.group_id = sums.group_id
    WHERE sums.is_plain AND GREATEST(ABS(sums.least), ABS(sums.most)) < 1000000000000000
),
-- the ends that the other terms of a group leave to one
allowed AS (
    SELECT
        terms.*,
        CASE WHEN plain.without_most = (terms.most IS NULL)::INT THEN COALESCE(terms.most, 0) - plain.most END AS allowed_least,
        CASE WHEN plain.without_least = (terms.least IS NULL)::INT THEN COALESCE(terms.least, 0) - plain.least END AS allowed_most,
        CASE WHEN plain.op = 'eq' AND COALESCE(allowed_least > terms.least, TRUE) THEN allowed_least END AS raised,
        CASE WHEN COALESCE(allowed_most < terms.most, TRUE) THEN allowed_most END AS lowered,
        terms.is_slack
        AND plain.slack = 1
        AND (NOT terms.is_integer OR (terms.is_sum AND (plain.only_adds OR plain.whole = 1)))
        AND COALESCE(allowed_least >= terms.least, terms.least IS NULL)
        AND (plain.op = 'le' OR COALESCE(allowed_most <= terms.most, terms.most IS NULL)) AS is_free
    FROM terms
    JOIN plain ON plain.rule_id = terms.rule_id AND plain.group_id = terms.group_id
    WHERE terms.is_moving
),
settled AS (
    SELECT plain.rule_id, plain.group_id
    FROM plain
    LEFT JOIN allowed ON allowed.rule_id = plain.rule_id AND allowed.group_id = plain.group_id AND allowed.is_free
    WHERE
        (allowed.is_free OR (NOT plain.is_shared AND (plain.whole = 0 OR plain.only_adds)))
        AND (plain.without_least > 0 OR plain.least <= 0)
        AND (plain.op = 'le' OR plain.without_most > 0 OR plain.most >= 0)
),
-- whole numbers, since decimal ones are not divided exactly: of ends 10^-14, of coefficients 10^-8
narrowed AS (
    SELECT
        settled.rule_id,
        settled.group_id,
        allowed.quantity,
        allowed.is_sum,
        allowed.is_integer,
        allowed.low,
        allowed.high,
        CASE WHEN allowed.is_integer THEN 100000000000000 ELSE 1 END AS grain,
        grain * CAST(REPLACE(CAST(ABS(allowed.small) AS VARCHAR), '.', '') AS HUGEINT) AS divisor,
        CAST(CASE WHEN allowed.small > 0 THEN raised ELSE -lowered END AS VARCHAR) AS least_digits,
        CAST(CASE WHEN allowed.small > 0 THEN lowered ELSE -raised END AS VARCHAR) AS most_digits,
        100000000 * CAST(REPLACE(least_digits, '.', '') AS HUGEINT) AS least,
        100000000 * CAST(REPLACE(most_digits, '.', '') AS HUGEINT) AS most
    FROM settled
    LEFT JOIN allowed
        ON allowed.rule_id = settled.rule_id
        AND allowed.group_id = settled.group_id
        AND (allowed.raised IS NOT NULL OR allowed.lowered IS NOT NULL)
),
-- outward to the last digit that is published; whole numbers inward
rounded AS (
    SELECT
        *,
        grain * (least // divisor - (least % divisor < 0)::INT + (is_integer AND least % divisor <> 0)::INT) AS lower_end,
        grain * (most // divisor - (most % divisor < 0)::INT + (NOT is_integer AND most % divisor <> 0)::INT) AS upper_end,
        COALESCE(CAST(lower_end AS DECIMAL(38, 0)) * CAST(0.00000000000001 AS DECIMAL(15, 14)), low) AS least_left,
        COALESCE(CAST(upper_end AS DECIMAL(38, 0)) * CAST(0.00000000000001 AS DECIMAL(15, 14)), high) AS most_left
    FROM narrowed
)
SELECT
    rule_id,
    group_id,
    -- outcomes are judged over intervals: there may be no whole number left
    CASE WHEN COALESCE(least_left <= most_left, TRUE) THEN quantity END AS quantity,
    CASE WHEN least_left > -100000000000000 THEN CAST(least_left AS DECIMAL(38, 14)) END AS lower,
    CASE WHEN most_left < 100000000000000 THEN CAST(most_left AS DECIMAL(38, 14)) END AS upper,
    lower IS NOT NULL AND COALESCE(is_integer OR least % divisor = 0, TRUE) AS lower_closed,
    upper IS NOT NULL AND COALESCE(is_integer OR most % divisor = 0, TRUE) AS upper_closed,
    CASE WHEN is_sum THEN 'propagation' ELSE 'solver' END AS method,
    TRUE AS tight
FROM rounded
