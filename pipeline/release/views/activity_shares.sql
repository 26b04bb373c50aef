-- Activity shares: each field's share of NGOs; an NGO may be active in several fields, so the shares are not added up.
SELECT
    observations.source_id,
    observations.period,
    categories.label AS field,
    observations.category,
    facts.as_printed,
    observations.lower AS low,
    observations.upper AS high,
    observations.unit,
    facts.caveat,
    observations.fact_id
FROM observations
JOIN indicators ON indicators.code = observations.indicator
JOIN categories ON categories.code = observations.category
JOIN facts ON facts.fact_id = observations.fact_id
WHERE indicators.kind = 'multi_share'
ORDER BY observations.source_id, observations.period, observations.value DESC, observations.category
