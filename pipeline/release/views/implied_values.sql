-- Implied values: what the facts and the rules that hold force on a number or a day, stated by a source or not, and why.
SELECT
    quantities.description AS what,
    quantities.indicator,
    indicators.label AS indicator_label,
    quantities.area,
    areas.label AS area_label,
    quantities.category,
    categories.label AS category_label,
    quantities.period,
    CASE WHEN quantities.part = 'value' THEN implied_bounds.lower END AS lower,
    CASE WHEN quantities.part = 'value' THEN implied_bounds.upper END AS upper,
    CASE WHEN quantities.part <> 'value' THEN DATE '1970-01-01' + CAST(implied_bounds.lower AS INTEGER) END AS first_day,
    CASE WHEN quantities.part <> 'value' THEN DATE '1970-01-01' + CAST(implied_bounds.upper AS INTEGER) END AS last_day,
    quantities.role = 'stated' AS is_stated,
    implied_bounds.premises,
    implied_bounds.rule_ids,
    quantities.fact_id,
    quantities.quantity
FROM implied_bounds
JOIN solver.quantities AS quantities ON quantities.quantity = implied_bounds.quantity
LEFT JOIN indicators ON indicators.code = quantities.indicator
LEFT JOIN areas ON areas.code = quantities.area
LEFT JOIN categories ON categories.code = quantities.category
ORDER BY quantities.quantity
