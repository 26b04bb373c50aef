-- Dialogue bodies: the whole, its named groups, and the unnamed remainder as a flagged row of its own.
WITH stated AS (
    SELECT
        observations.source_id,
        observations.period,
        CASE WHEN observations.category IS NULL THEN 'whole' ELSE 'named group' END AS part,
        observations.indicator,
        indicators.label AS indicator_label,
        observations.category,
        COALESCE(categories.label, indicators.label) AS category_label,
        facts.as_printed,
        CAST(observations.lower AS DECIMAL(38, 14)) AS lower,
        CAST(observations.upper AS DECIMAL(38, 14)) AS upper,
        FALSE AS is_flagged,
        facts.caveat,
        observations.fact_id,
        CAST(NULL AS VARCHAR) AS rule_id
    FROM observations
    JOIN indicators ON indicators.code = observations.indicator
    LEFT JOIN categories ON categories.code = observations.category
    JOIN facts ON facts.fact_id = observations.fact_id
    WHERE observations.indicator = 'dialogue_bodies'
),
remainders AS (
    SELECT DISTINCT
        check_results.source_id,
        stated.period,
        'unnamed remainder' AS part,
        stated.indicator,
        stated.indicator_label,
        CAST(NULL AS VARCHAR) AS category,
        'in no named group' AS category_label,
        CAST(NULL AS VARCHAR) AS as_printed,
        CAST(GREATEST(-check_results.imbalance_upper, CAST(0 AS DECIMAL(38, 14))) AS DECIMAL(38, 14)) AS lower,
        CAST(-check_results.imbalance_lower AS DECIMAL(38, 14)) AS upper,
        check_results.status = 'finding' AS is_flagged,
        check_results.explanation AS caveat,
        CAST(NULL AS VARCHAR) AS fact_id,
        check_results.rule_id
    FROM check_results
    JOIN rules ON rules.rule_id = check_results.rule_id
    JOIN check_facts
        ON check_facts.rule_id = check_results.rule_id AND check_facts.group_id = check_results.group_id
    JOIN stated ON stated.fact_id = check_facts.fact_id
    WHERE rules.kind = 'parts_of' AND check_results.outcome <> 'violated'
)
SELECT
    every_row.*,
    CASE WHEN lower = upper THEN ROUND(100 * CAST(lower AS DOUBLE) / NULLIF(
        MAX(lower) FILTER (WHERE part = 'whole' AND lower = upper) OVER (PARTITION BY source_id, period), 0
    ), 1) END AS percent_of_whole
FROM (SELECT * FROM stated UNION ALL SELECT * FROM remainders) AS every_row
ORDER BY source_id, period, CASE part WHEN 'whole' THEN 1 WHEN 'named group' THEN 2 ELSE 3 END, lower DESC, category
