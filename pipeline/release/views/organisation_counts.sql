-- Counts of organisations: numbers of organisations and NGOs as stated, and the yearly growth, each with its interval.
SELECT
    observations.source_id,
    observations.indicator,
    indicators.label AS indicator_label,
    observations.area,
    areas.label AS area_label,
    observations.category,
    categories.label AS category_label,
    observations.period,
    facts.as_printed,
    observations.lower,
    observations.upper,
    observations.unit,
    facts.caveat,
    observations.fact_id
FROM observations
JOIN indicators ON indicators.code = observations.indicator
JOIN areas ON areas.code = observations.area
LEFT JOIN categories ON categories.code = observations.category
JOIN facts ON facts.fact_id = observations.fact_id
WHERE
    ('organisations' IN (indicators.code, indicators.base) OR 'ngos' IN (indicators.code, indicators.base))
    AND indicators.kind IN ('stock', 'flow')
ORDER BY observations.source_id, indicators.kind DESC, indicators.code, observations.area, observations.category, observations.period
