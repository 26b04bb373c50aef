-- Regional shares: each region's share of all organisations, and a row for the regions that are not named.
WITH stated AS (
    SELECT
        observations.source_id,
        observations.period,
        observations.indicator,
        indicators.label AS indicator_label,
        observations.area,
        areas.label AS area_label,
        facts.as_printed,
        CAST(observations.lower AS DECIMAL(38, 14)) AS lower,
        CAST(observations.upper AS DECIMAL(38, 14)) AS upper,
        'percent' AS unit,
        FALSE AS is_remainder,
        facts.caveat,
        observations.fact_id,
        CAST(NULL AS VARCHAR) AS rule_id
    FROM observations
    JOIN indicators ON indicators.code = observations.indicator
    JOIN areas ON areas.code = observations.area
    JOIN facts ON facts.fact_id = observations.fact_id
    WHERE indicators.kind = 'share' AND areas.parent IS NOT NULL
),
remainders AS (
    SELECT DISTINCT
        check_results.source_id,
        stated.period,
        stated.indicator,
        stated.indicator_label,
        CAST(NULL AS VARCHAR) AS area,
        'regions not named' AS area_label,
        CAST(NULL AS VARCHAR) AS as_printed,
        CAST(GREATEST(-check_results.imbalance_upper, CAST(0 AS DECIMAL(38, 14))) AS DECIMAL(38, 14)) AS lower,
        CAST(-check_results.imbalance_lower AS DECIMAL(38, 14)) AS upper,
        'percent' AS unit,
        TRUE AS is_remainder,
        'Follows from a rule; no source says it.' AS caveat,
        CAST(NULL AS VARCHAR) AS fact_id,
        check_results.rule_id
    FROM check_results
    JOIN rules ON rules.rule_id = check_results.rule_id
    JOIN check_facts
        ON check_facts.rule_id = check_results.rule_id AND check_facts.group_id = check_results.group_id
    JOIN stated ON stated.fact_id = check_facts.fact_id
    WHERE rules.kind = 'shares_partial' AND check_results.outcome <> 'violated'
)
SELECT *
FROM (SELECT * FROM stated UNION ALL SELECT * FROM remainders) AS every_row
ORDER BY source_id, period, indicator, is_remainder, lower DESC, area
