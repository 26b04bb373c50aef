-- Every quantity that is stated: the value of each observation, the day of each dated fact (both ends of a span), each day
-- of publication.
-- A bound that nobody states is the kind's own (no count is below 0, no share above 100).
SELECT
    observations.fact_id AS variable,
    observations.source_id,
    observations.fact_id,
    'value' AS part,
    'stated' AS role,
    COALESCE(observations.lower_bound, CASE WHEN indicators.kind <> 'flow' THEN CAST(0 AS DECIMAL(20, 6)) END) AS lower_bound,
    observations.lower_closed OR (observations.lower_bound IS NULL AND indicators.kind <> 'flow') AS lower_closed,
    COALESCE(
        observations.upper_bound, CASE WHEN indicators.kind IN ('share', 'multi_share') THEN CAST(100 AS DECIMAL(20, 6)) END
    ) AS upper_bound,
    observations.upper_closed
        OR (observations.upper_bound IS NULL AND indicators.kind IN ('share', 'multi_share')) AS upper_closed,
    indicators.whole AS is_integer,
    indicators.label || COALESCE(', ' || categories.label, '') || ', ' || areas.label || ', ' || observations.period AS description
FROM observations
JOIN indicators ON indicators.code = observations.indicator
JOIN areas ON areas.code = observations.area
LEFT JOIN categories ON categories.code = observations.category
UNION ALL
SELECT
    dated.fact_id || '#' || ends.part,
    dated.source_id,
    dated.fact_id,
    ends.part,
    'stated',
    CAST(CASE WHEN ends.part = 'start' THEN dated.start_earliest ELSE dated.end_earliest END - DATE '1970-01-01' AS DECIMAL(20, 6)),
    CASE WHEN ends.part = 'start' THEN dated.start_earliest ELSE dated.end_earliest END IS NOT NULL,
    CAST(CASE WHEN ends.part = 'start' THEN dated.start_latest ELSE dated.end_latest END - DATE '1970-01-01' AS DECIMAL(20, 6)),
    CASE WHEN ends.part = 'start' THEN dated.start_latest ELSE dated.end_latest END IS NOT NULL,
    TRUE,
    CASE WHEN contains(dated.period, '/') THEN ends.part || ' of ' ELSE 'day of ' END || dated.fact_id || ' (' || dated.period || ')'
FROM dated
CROSS JOIN (VALUES ('start'), ('end')) AS ends (part)
WHERE ends.part = 'start' OR contains(dated.period, '/')
UNION ALL
SELECT
    source_id || '#published',
    source_id,
    NULL,
    'start',
    'stated',
    CAST(published_earliest - DATE '1970-01-01' AS DECIMAL(20, 6)),
    TRUE,
    CAST(published_latest - DATE '1970-01-01' AS DECIMAL(20, 6)),
    TRUE,
    TRUE,
    'publication of ' || source_id || ' (' || published || ')'
FROM sources
