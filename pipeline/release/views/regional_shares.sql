-- Regional shares: each region's share of all organisations, and a row for the regions that are not named.
SELECT *
FROM (
    SELECT
        observations.source_id,
        observations.period,
        areas.label AS region,
        observations.area,
        facts.as_printed,
        CAST(observations.lower AS DECIMAL(38, 14)) AS low,
        CAST(observations.upper AS DECIMAL(38, 14)) AS high,
        'percent' AS unit,
        FALSE AS is_remainder,
        observations.fact_id
    FROM observations
    JOIN indicators ON indicators.code = observations.indicator
    JOIN areas ON areas.code = observations.area
    JOIN facts ON facts.fact_id = observations.fact_id
    WHERE indicators.kind = 'share' AND areas.parent IS NOT NULL
    UNION ALL
    SELECT
        check_results.source_id,
        split_part(check_results.group_id, ' ', -1),
        'regions not named',
        NULL,
        NULL,
        CAST(GREATEST(-check_results.imbalance_upper, CAST(0 AS DECIMAL(38, 14))) AS DECIMAL(38, 14)),
        CAST(-check_results.imbalance_lower AS DECIMAL(38, 14)),
        'percent',
        TRUE,
        NULL
    FROM check_results
    JOIN rules ON rules.rule_id = check_results.rule_id
    WHERE rules.kind = 'shares_partial' AND check_results.outcome <> 'violated'
) AS rows_and_remainder
ORDER BY source_id, period, is_remainder, low DESC, area
