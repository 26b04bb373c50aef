-- One event of each region, as published: what was built there from one year to the next. In: slots.
WITH built AS (
    SELECT
        *,
        CASE WHEN planted = 'published_last' THEN year(day) + 1 ELSE year_begun END AS year_one,
        'r' || lpad(CAST(place + 1 AS VARCHAR), 2, '0') || '-built' AS name
    FROM slots
    WHERE place >= 0
)
SELECT
    source_id || '/' || name AS fact_id,
    source_id,
    CAST(year_one AS VARCHAR) || '/' || CAST(year_one + 1 AS VARCHAR) AS period,
    make_date(year_one, 1, 1) AS start_earliest,
    make_date(year_one, 12, 31) AS start_latest,
    make_date(year_one + 1, 1, 1) AS end_earliest,
    make_date(year_one + 1, 12, 31) AS end_latest,
    CAST(NULL AS VARCHAR) AS who,
    'built' AS what,
    area AS place,
    CAST(NULL AS VARCHAR) AS attributed_to,
    'built' AS quote,
    '' AS quote_prefix,
    '' AS quote_suffix,
    CAST(place * 10 AS BIGINT) AS quote_start,
    CAST(place * 10 + 5 AS BIGINT) AS quote_end,
    source_id || '/events.csv' AS raw_file,
    CAST(place + 2 AS BIGINT) AS raw_line,
    CAST(NULL AS VARCHAR) AS note
FROM built
ORDER BY fact_id
