-- One statement of each source, as published. In: slots.
SELECT
    source_id || '/statement-1' AS fact_id,
    source_id,
    today AS period,
    day AS start_earliest,
    day AS start_latest,
    day AS end_earliest,
    day AS end_latest,
    lower(area) || '_office' AS who,
    CAST(NULL AS VARCHAR) AS office,
    CAST(NULL AS VARCHAR) AS occasion,
    'narrative' AS speech,
    CAST(NULL AS VARCHAR) AS place,
    'All is well.' AS quote,
    '' AS quote_prefix,
    '' AS quote_suffix,
    CAST(0 AS BIGINT) AS quote_start,
    CAST(12 AS BIGINT) AS quote_end,
    source_id || '/statements.csv' AS raw_file,
    CAST(2 AS BIGINT) AS raw_line,
    CAST(NULL AS VARCHAR) AS note
FROM slots
WHERE place < 0
ORDER BY fact_id
