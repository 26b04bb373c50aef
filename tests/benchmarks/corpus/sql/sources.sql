-- The sources, as published. In: slots.
SELECT
    source_id,
    'Bulletin' AS title,
    lower(area) || '_office' AS publisher,
    today AS published,
    day AS published_earliest,
    day AS published_latest,
    today AS published_quote,
    CAST(NULL AS VARCHAR) AS published_basis,
    'en' AS language,
    CAST(NULL AS VARCHAR) AS url,
    CAST(NULL AS VARCHAR) AS archived_url,
    CAST(NULL AS VARCHAR) AS retrieved,
    'Made up' AS rights,
    TRUE AS republish_text,
    CAST(NULL AS VARCHAR) AS derived_from,
    CAST(NULL AS VARCHAR) AS translation_of,
    repeat('0', 64) AS sha256,
    CAST(NULL AS VARCHAR) AS notes,
    CAST(NULL AS VARCHAR) AS decimal_mark,
    CAST(NULL AS VARCHAR) AS group_mark,
    CAST(NULL AS VARCHAR) AS negative_numbers,
    CAST(NULL AS VARCHAR) AS day_order,
    CAST(NULL AS VARCHAR) AS country,
    CAST(NULL AS VARCHAR) AS fiscal_year_starts,
    CAST(1000 AS BIGINT) AS characters
FROM slots
WHERE place < 0
ORDER BY source_id
