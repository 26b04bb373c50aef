-- Dialogue bodies: the whole, its named groups, and the unnamed remainder as a flagged row of its own.
SELECT *
FROM (
    SELECT
        observations.source_id,
        observations.period,
        CASE WHEN observations.category IS NULL THEN 'whole' ELSE 'named group' END AS part,
        COALESCE(categories.label, indicators.label) AS bodies,
        observations.category,
        facts.as_printed,
        CAST(observations.lower AS DECIMAL(38, 14)) AS low,
        CAST(observations.upper AS DECIMAL(38, 14)) AS high,
        FALSE AS is_flagged,
        CAST(NULL AS VARCHAR) AS explanation,
        observations.fact_id
    FROM observations
    JOIN indicators ON indicators.code = observations.indicator
    LEFT JOIN categories ON categories.code = observations.category
    JOIN facts ON facts.fact_id = observations.fact_id
    WHERE observations.indicator = 'dialogue_bodies'
    UNION ALL
    SELECT
        check_results.source_id,
        split_part(check_results.group_id, ' ', -1),
        'unnamed remainder',
        'in no named group',
        NULL,
        NULL,
        CAST(GREATEST(-check_results.imbalance_upper, CAST(0 AS DECIMAL(38, 14))) AS DECIMAL(38, 14)),
        CAST(-check_results.imbalance_lower AS DECIMAL(38, 14)),
        findings.rule_id IS NOT NULL,
        check_results.explanation,
        NULL
    FROM check_results
    JOIN rules ON rules.rule_id = check_results.rule_id
    LEFT JOIN findings
        ON findings.rule_id = check_results.rule_id AND findings.group_id = check_results.group_id AND findings.type = 'incomplete'
    WHERE rules.kind = 'parts_of' AND check_results.outcome <> 'violated'
        AND json_extract_string(rules.definition, '$.whole.indicator') = 'dialogue_bodies'
) AS rows_and_remainder
ORDER BY source_id, period, CASE part WHEN 'whole' THEN 1 WHEN 'named group' THEN 2 ELSE 3 END, low DESC, category
