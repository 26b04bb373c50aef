-- Every quantity that is stated: the value of each observation, the day of each dated fact (both ends of a span), each day
-- of publication. A day of which nothing is said (XXXX, an open end) is unstated: what it is follows from rules alone.
-- A bound that nobody states is the kind's own (natural_ranges: no count is below 0, no share above 100).
SELECT
    observations.fact_id AS quantity,
    observations.source_id,
    observations.indicator,
    observations.area,
    observations.category,
    observations.period,
    observations.fact_id,
    'value' AS part,
    'stated' AS role,
    COALESCE(observations.lower, natural_ranges.natural_least) AS lower,
    observations.lower_closed
        OR (observations.lower IS NULL AND natural_ranges.natural_least IS NOT NULL) AS lower_closed,
    COALESCE(observations.upper, natural_ranges.natural_most) AS upper,
    observations.upper_closed
        OR (observations.upper IS NULL AND natural_ranges.natural_most IS NOT NULL) AS upper_closed,
    indicators.whole AS is_integer,
    concat_ws(', ', indicators.label, categories.label, areas.label, period_words.period_words) AS description
FROM observations
JOIN indicators ON indicators.code = observations.indicator
JOIN natural_ranges ON natural_ranges.kind = indicators.kind
JOIN areas ON areas.code = observations.area
LEFT JOIN categories ON categories.code = observations.category
JOIN period_words ON period_words.period = observations.period
UNION ALL
SELECT
    dated.fact_id || '#' || ends.part,
    dated.source_id,
    NULL,
    NULL,
    NULL,
    NULL,
    dated.fact_id,
    ends.part,
    CASE WHEN COALESCE(
        CASE WHEN ends.part = 'start' THEN dated.start_earliest ELSE dated.end_earliest END,
        CASE WHEN ends.part = 'start' THEN dated.start_latest ELSE dated.end_latest END
    ) IS NULL THEN 'unstated' ELSE 'stated' END,
    CAST(CASE WHEN ends.part = 'start' THEN dated.start_earliest ELSE dated.end_earliest END - DATE '1970-01-01' AS DECIMAL(20, 6)),
    CASE WHEN ends.part = 'start' THEN dated.start_earliest ELSE dated.end_earliest END IS NOT NULL,
    CAST(CASE WHEN ends.part = 'start' THEN dated.start_latest ELSE dated.end_latest END - DATE '1970-01-01' AS DECIMAL(20, 6)),
    CASE WHEN ends.part = 'start' THEN dated.start_latest ELSE dated.end_latest END IS NOT NULL,
    TRUE,
    CASE WHEN contains(dated.period, '/') THEN ends.part || ' of ' ELSE 'day of ' END || dated.what || ' (' || period_words.period_words || ')'
FROM dated
CROSS JOIN (VALUES ('start'), ('end')) AS ends (part)
JOIN period_words ON period_words.period = dated.period
WHERE ends.part = 'start' OR contains(dated.period, '/')
UNION ALL
SELECT
    source_id || '#published',
    source_id,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    'start',
    'stated',
    CAST(published_earliest - DATE '1970-01-01' AS DECIMAL(20, 6)),
    TRUE,
    CAST(published_latest - DATE '1970-01-01' AS DECIMAL(20, 6)),
    TRUE,
    TRUE,
    'publication of “' || sources.title || '” (' || period_words.period_words || ')'
FROM sources
JOIN period_words ON period_words.period = sources.published
