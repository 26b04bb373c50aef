-- Every fact in one flat table: as printed, its limits or days, what it is, what to mind, and the words it was read from.
WITH caveats AS (
    SELECT fact_id, string_agg(caveat, ' ' ORDER BY rank, caveat) AS caveat
    FROM (
        SELECT
            observations.fact_id,
            1 AS rank,
            CASE
                WHEN relator IN ('gt', 'ge') THEN 'A lower bound, not a count.'
                WHEN relator IN ('lt', 'le') THEN 'An upper bound, not a count.'
                WHEN relator = 'approx' THEN 'About this number.'
                WHEN bound_basis = 'rounding' THEN 'Rounded as printed.'
            END AS caveat
        FROM observations
        UNION ALL
        SELECT observations.fact_id, 2, 'The shares overlap: do not add them up.'
        FROM observations
        JOIN indicators ON indicators.code = observations.indicator
        WHERE indicators.kind = 'multi_share'
        UNION ALL
        SELECT observations.fact_id, 3, 'Another reading: ' || readings.why || '.'
        FROM observations
        JOIN readings ON readings.fact_id = observations.fact_id
        UNION ALL
        SELECT fact_id, 3, 'Claimed by ' || agents.label || '.'
        FROM (SELECT fact_id, attributed_to FROM observations UNION ALL SELECT fact_id, attributed_to FROM events) AS claims
        JOIN agents ON agents.code = claims.attributed_to
        UNION ALL
        SELECT check_facts.fact_id, 4, 'Finding: ' || check_results.explanation
        FROM check_results
        JOIN check_facts USING (rule_id, group_id)
        WHERE check_results.status = 'finding'
    ) AS all_caveats
    WHERE caveat IS NOT NULL
    GROUP BY fact_id
),
statuses AS (
    SELECT check_facts.fact_id, arg_min(check_results.status, grave.rank) AS status
    FROM check_results
    JOIN check_facts USING (rule_id, group_id)
    JOIN (
        VALUES ('finding', 1), ('violated', 2), ('remark', 3), ('undetermined', 4), ('untested', 5), ('satisfied', 6)
    ) AS grave (status, rank) ON grave.status = check_results.status
    GROUP BY check_facts.fact_id
),
-- the words of a number with its hedge and unit; what it is per is said of its indicator
printed AS (
    SELECT
        mentions.fact_id,
        any_value(regexp_replace(
            CASE
                WHEN mentions.per IS NULL THEN mentions.words
                ELSE left(mentions.words, position(observations.original_value IN mentions.words) + length(observations.original_value) - 1)
            END, '\s+', ' ', 'g'
        ) ORDER BY mentions.start_offset) AS words
    FROM mentions
    JOIN observations ON observations.fact_id = mentions.fact_id
    WHERE mentions.role = 'value' AND contains(mentions.words, observations.original_value)
    GROUP BY mentions.fact_id
),
flat AS (
    SELECT
        observations.fact_id,
        observations.source_id,
        'observation' AS type,
        observations.indicator,
        observations.area,
        observations.category,
        concat_ws(', ', indicators.label, categories.label, areas.label) AS what,
        COALESCE(
            printed.words,
            CASE observations.relator
                WHEN 'gt' THEN 'more than '
                WHEN 'ge' THEN 'at least '
                WHEN 'lt' THEN 'less than '
                WHEN 'le' THEN 'at most '
                WHEN 'approx' THEN 'about '
                ELSE ''
            END || observations.original_value
        ) AS as_printed,
        observations.lower,
        observations.upper,
        observations.start_earliest AS first_day,
        observations.end_latest AS last_day,
        observations.unit,
        observations.attributed_to,
        observations.period,
        observations.quote,
        observations.quote_start,
        observations.quote_end
    FROM observations
    JOIN indicators ON indicators.code = observations.indicator
    JOIN areas ON areas.code = observations.area
    LEFT JOIN categories ON categories.code = observations.category
    LEFT JOIN printed ON printed.fact_id = observations.fact_id
    UNION ALL
    SELECT
        events.fact_id,
        events.source_id,
        'event',
        NULL,
        events.place,
        NULL,
        concat_ws(': ', agents.label, events.what),
        events.period,
        NULL,
        NULL,
        events.start_earliest,
        events.end_latest,
        NULL,
        events.attributed_to,
        events.period,
        events.quote,
        events.quote_start,
        events.quote_end
    FROM events
    LEFT JOIN agents ON agents.code = events.who
    UNION ALL
    SELECT
        statements.fact_id,
        statements.source_id,
        'statement',
        NULL,
        statements.place,
        NULL,
        concat_ws(', ', agents.label, statements.office, statements.occasion) || ' (' || statements.speech || ')',
        statements.quote,
        NULL,
        NULL,
        statements.start_earliest,
        statements.end_latest,
        NULL,
        statements.who,
        statements.period,
        statements.quote,
        statements.quote_start,
        statements.quote_end
    FROM statements
    JOIN agents ON agents.code = statements.who
)
SELECT
    flat.fact_id,
    flat.type,
    flat.source_id,
    sources.title AS source_title,
    publishers.label AS publisher_label,
    sources.published,
    flat.indicator,
    indicators.label AS indicator_label,
    flat.area,
    areas.label AS area_label,
    flat.category,
    categories.label AS category_label,
    flat.what,
    flat.as_printed,
    flat.lower,
    flat.upper,
    flat.unit,
    flat.period,
    flat.first_day,
    flat.last_day,
    flat.attributed_to,
    agents.label AS attributed_to_label,
    caveats.caveat,
    statuses.status,
    flat.quote,
    'sources/' || flat.source_id || '.html#' || split_part(flat.fact_id, '/', 2) AS link
FROM flat
JOIN sources ON sources.source_id = flat.source_id
LEFT JOIN agents AS publishers ON publishers.code = sources.publisher
LEFT JOIN indicators ON indicators.code = flat.indicator
LEFT JOIN areas ON areas.code = flat.area
LEFT JOIN categories ON categories.code = flat.category
LEFT JOIN agents ON agents.code = flat.attributed_to
LEFT JOIN caveats ON caveats.fact_id = flat.fact_id
LEFT JOIN statuses ON statuses.fact_id = flat.fact_id
ORDER BY flat.fact_id
