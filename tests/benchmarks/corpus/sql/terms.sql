-- The terms of every group, with what the group compares them with.
-- In: stated (observations.sql; of some sources, those next to each other together), events (of these), rest (slack.sql),
-- terms (by family: which block it takes, with which sign, in which group), names (rule_id by family and theme).
WITH summed AS (
    SELECT
        terms.family,
        stated.theme,
        stated.source_id,
        stated.source_id || ' ' || CASE WHEN terms.of_nation THEN left(stated.area, 2) ELSE stated.area END || ' ' || stated.period
            || terms.ending AS group_id,
        terms.op,
        stated.fact_id AS quantity,
        CAST(terms.sign AS DECIMAL(20, 8)) AS coefficient_lower,
        CAST(terms.sign AS DECIMAL(20, 8)) AS coefficient_upper,
        CAST(NULL AS VARCHAR) AS coefficient_quantity
    FROM stated
    JOIN terms ON terms.block = stated.block
),
added AS (
    SELECT family, theme, source_id, group_id, op, quantity, coefficient, coefficient, CAST(NULL AS VARCHAR)
    FROM rest
),
shared AS (
    SELECT
        'region_counts',
        shares.theme,
        shares.source_id,
        shares.source_id || ' ' || shares.area || ' ' || shares.period,
        'eq',
        CASE sides.sign WHEN 1 THEN totals.fact_id ELSE counts.fact_id END,
        CASE sides.sign
            WHEN 1 THEN CAST(shares.lower * CAST(0.01 AS DECIMAL(3, 2)) AS DECIMAL(20, 8))
            ELSE CAST(-1 AS DECIMAL(20, 8))
        END,
        CASE sides.sign
            WHEN 1 THEN CAST(shares.upper * CAST(0.01 AS DECIMAL(3, 2)) AS DECIMAL(20, 8))
            ELSE CAST(-1 AS DECIMAL(20, 8))
        END,
        CASE sides.sign WHEN 1 THEN shares.fact_id END
    FROM stated AS shares
    JOIN stated AS counts ON counts.slot = shares.slot AND counts.block = 'count'
    JOIN stated AS totals ON totals.number = shares.number AND totals.block = 'total'
    CROSS JOIN (VALUES (1), (-1)) AS sides (sign)
    WHERE shares.block = 'region_share'
),
grown AS (
    SELECT
        'growth',
        flows.theme,
        flows.source_id,
        flows.fact_id || ' ' || totals.fact_id,
        'eq',
        operands.fact_id,
        CASE operands.block
            WHEN 'total' THEN CAST(1 AS DECIMAL(20, 8))
            WHEN 'earlier' THEN CAST(-1 AS DECIMAL(20, 8))
            ELSE CAST(CAST(-ceil_hundredths(date_diff('day', flows.since, flows.day)) AS DECIMAL(12, 0)) * 0.01 AS DECIMAL(20, 8))
        END,
        CASE operands.block
            WHEN 'total' THEN CAST(1 AS DECIMAL(20, 8))
            WHEN 'earlier' THEN CAST(-1 AS DECIMAL(20, 8))
            ELSE CAST(CAST(-floor_hundredths(date_diff('day', flows.since, flows.day)) AS DECIMAL(12, 0)) * 0.01 AS DECIMAL(20, 8))
        END,
        CAST(NULL AS VARCHAR)
    FROM stated AS flows
    JOIN stated AS totals ON totals.number = flows.number AND totals.block = 'total'
    JOIN stated AS operands ON operands.number = flows.number AND operands.block IN ('total', 'earlier', 'flow')
    WHERE flows.block = 'flow'
),
dated AS (
    SELECT fact_id, source_id FROM stated WHERE block IN ('spending', 'flow', 'earlier')
    UNION ALL
    SELECT fact_id, source_id FROM events
),
begun AS (
    SELECT
        'published_last',
        0,
        dated.source_id,
        dated.fact_id,
        'le',
        CASE sides.sign WHEN 1 THEN dated.fact_id || '#start' ELSE dated.source_id || '#published' END,
        CAST(sides.sign AS DECIMAL(20, 8)),
        CAST(sides.sign AS DECIMAL(20, 8)),
        CAST(NULL AS VARCHAR)
    FROM dated
    CROSS JOIN (VALUES (1), (-1)) AS sides (sign)
),
ended AS (
    SELECT
        'start_first',
        0,
        events.source_id,
        events.fact_id,
        'le',
        events.fact_id || CASE sides.sign WHEN 1 THEN '#start' ELSE '#end' END,
        CAST(sides.sign AS DECIMAL(20, 8)),
        CAST(sides.sign AS DECIMAL(20, 8)),
        CAST(NULL AS VARCHAR)
    FROM events
    CROSS JOIN (VALUES (1), (-1)) AS sides (sign)
),
agreed AS (
    SELECT
        'same_quantity',
        0,
        ones.source_id,
        ones.fact_id || ' ' || others.fact_id,
        'eq',
        CASE sides.sign WHEN 1 THEN ones.fact_id ELSE others.fact_id END,
        CAST(sides.sign AS DECIMAL(20, 8)),
        CAST(sides.sign AS DECIMAL(20, 8)),
        CAST(NULL AS VARCHAR)
    FROM stated AS ones
    JOIN stated AS others ON others.number = ones.number + 1 AND others.place = ones.place AND others.block = 'spending'
    CROSS JOIN (VALUES (1), (-1)) AS sides (sign)
    WHERE ones.block = 'spending' AND ones.rank % 2 = 0
),
every_term AS (
    SELECT * FROM summed
    UNION ALL SELECT * FROM added
    UNION ALL SELECT * FROM shared
    UNION ALL SELECT * FROM grown
    UNION ALL SELECT * FROM begun
    UNION ALL SELECT * FROM ended
    UNION ALL SELECT * FROM agreed
)
SELECT
    names.rule_id,
    every_term.group_id,
    every_term.source_id,
    every_term.op,
    every_term.quantity,
    every_term.coefficient_lower,
    every_term.coefficient_upper,
    every_term.coefficient_quantity
FROM every_term
JOIN names ON names.family = every_term.family AND names.theme = every_term.theme
ORDER BY names.rule_id, every_term.group_id, every_term.quantity
