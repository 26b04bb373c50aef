-- The interval of each stated number: what relator, precision and printed digits say about the true value.
-- In: stated (row, value, relator, precision, kind, whole), value and precision as typed. Every branch is cast, since a CASE
-- over decimals of different scale rounds in silence.
WITH typed AS (
    SELECT
        row,
        relator,
        whole,
        precision IS NOT NULL AS has_precision,
        CAST(split_part(value, '/', 1) AS DECIMAL(20, 6)) AS first_value,
        CASE WHEN relator = 'between' THEN CAST(split_part(value, '/', 2) AS DECIMAL(20, 6)) END AS second_value,
        length(split_part(split_part(value, '/', 1), '.', 2)) AS decimals,
        CAST(precision AS DECIMAL(20, 6)) AS step,
        CASE
            WHEN kind = 'flow' THEN CAST(NULL AS DECIMAL(20, 6))
            WHEN kind = 'ordinal' THEN CAST(1 AS DECIMAL(20, 6))
            ELSE CAST(0 AS DECIMAL(20, 6))
        END AS least,
        CASE WHEN kind IN ('share', 'multi_share') THEN CAST(100 AS DECIMAL(20, 6)) END AS most
    FROM stated
),
rounded AS (
    SELECT
        *,
        CASE
            WHEN has_precision THEN CAST(step * CAST(0.5 AS DECIMAL(2, 1)) AS DECIMAL(20, 6))
            WHEN whole THEN CAST(0 AS DECIMAL(20, 6))
            WHEN decimals = 0 THEN CAST(0.5 AS DECIMAL(20, 6))
            WHEN decimals = 1 THEN CAST(0.05 AS DECIMAL(20, 6))
            WHEN decimals = 2 THEN CAST(0.005 AS DECIMAL(20, 6))
            WHEN decimals = 3 THEN CAST(0.0005 AS DECIMAL(20, 6))
            WHEN decimals = 4 THEN CAST(0.00005 AS DECIMAL(20, 6))
            ELSE CAST(0.000005 AS DECIMAL(20, 6))
        END AS half,
        CASE WHEN whole THEN CAST(1 AS DECIMAL(20, 6)) ELSE CAST(0 AS DECIMAL(20, 6)) END AS next_whole
    FROM typed
),
stated_bounds AS (
    SELECT
        *,
        CASE
            WHEN relator = 'eq' OR (relator = 'approx' AND has_precision) THEN CAST(first_value - half AS DECIMAL(20, 6))
            WHEN relator = 'gt' THEN CAST(first_value + next_whole AS DECIMAL(20, 6))
            WHEN relator IN ('ge', 'between') THEN first_value
        END AS lower_stated,
        CASE
            WHEN relator = 'eq' OR (relator = 'approx' AND has_precision) THEN CAST(first_value + half AS DECIMAL(20, 6))
            WHEN relator = 'lt' THEN CAST(first_value - next_whole AS DECIMAL(20, 6))
            WHEN relator = 'le' THEN first_value
            WHEN relator = 'between' THEN second_value
        END AS upper_stated
    FROM rounded
),
limited AS (
    SELECT
        *,
        CASE
            WHEN relator = 'approx' AND NOT has_precision THEN CAST(NULL AS DECIMAL(20, 6))
            WHEN lower_stated IS NULL OR lower_stated < least THEN least
            WHEN whole THEN CAST(ceil(lower_stated) AS DECIMAL(20, 6))
            ELSE lower_stated
        END AS lower_bound,
        CASE
            WHEN relator = 'approx' AND NOT has_precision THEN CAST(NULL AS DECIMAL(20, 6))
            WHEN upper_stated IS NULL OR upper_stated > most THEN most
            WHEN whole THEN CAST(floor(upper_stated) AS DECIMAL(20, 6))
            ELSE upper_stated
        END AS upper_bound
    FROM stated_bounds
)
SELECT
    row,
    CASE WHEN relator <> 'between' THEN first_value END AS value,
    CAST(decimals AS BIGINT) AS decimals,
    lower_bound,
    upper_bound,
    lower_bound IS NOT NULL AND NOT (relator = 'gt' AND NOT whole AND lower_bound = lower_stated) AS lower_closed,
    upper_bound IS NOT NULL AND NOT (relator = 'lt' AND NOT whole AND upper_bound = upper_stated) AS upper_closed,
    CASE
        WHEN relator = 'between' THEN 'stated'
        WHEN relator IN ('gt', 'ge', 'lt', 'le') OR (relator = 'approx' AND NOT has_precision) THEN 'hedge'
        WHEN has_precision OR NOT whole THEN 'rounding'
        ELSE 'exact'
    END AS bound_basis
FROM limited
