-- Activity shares: each field's share of NGOs; an NGO may be active in several fields, so the shares are not added up.
SELECT
    observations.source_id,
    observations.period,
    observations.indicator,
    indicators.label AS indicator_label,
    observations.area,
    areas.label AS area_label,
    observations.category,
    categories.label AS category_label,
    facts.as_printed,
    observations.lower,
    observations.upper,
    observations.unit,
    facts.caveat,
    observations.fact_id
FROM observations
JOIN indicators ON indicators.code = observations.indicator
JOIN areas ON areas.code = observations.area
JOIN categories ON categories.code = observations.category
JOIN facts ON facts.fact_id = observations.fact_id
WHERE indicators.kind = 'multi_share'
ORDER BY observations.source_id, observations.period, observations.value DESC, observations.category
