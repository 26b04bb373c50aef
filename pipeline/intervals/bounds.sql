-- The interval of each stated number: what relator, precision and the step of its words say about the true value.
-- In: stated (row, relator, precision as typed, step, kind, whole, amount, amount_lower, amount_upper, decimals, is_fraction,
-- is_hedged, by_curator), natural_ranges (kind, natural_least, natural_most). Every branch is cast, since a CASE over decimals
-- of different scale rounds in silence.
WITH typed AS (
    SELECT
        stated.*,
        natural_ranges.natural_least,
        natural_ranges.natural_most,
        precision IS NOT NULL AS has_precision,
        precision IS NULL AND (relator = 'approx' OR (relator = 'eq' AND is_fraction)) AS is_loose,
        CAST(CASE WHEN whole THEN 1 ELSE 0 END AS DECIMAL(20, 6)) AS next_whole
    FROM stated
    LEFT JOIN natural_ranges ON natural_ranges.kind = stated.kind
),
rounded AS (
    SELECT
        *,
        CASE
            WHEN has_precision
                THEN CAST(CAST(precision AS DECIMAL(20, 6)) * CAST(0.5 AS DECIMAL(2, 1)) AS DECIMAL(20, 6))
            WHEN relator = 'between' OR (whole AND step <= 1) THEN CAST(0 AS DECIMAL(20, 6))
            ELSE CAST(step * CAST(0.5 AS DECIMAL(2, 1)) AS DECIMAL(20, 6))
        END AS half
    FROM typed
),
stated_bounds AS (
    SELECT
        *,
        CASE
            WHEN is_loose THEN CAST(NULL AS DECIMAL(20, 6))
            WHEN relator IN ('eq', 'approx', 'between') THEN CAST(amount_lower - half AS DECIMAL(20, 6))
            WHEN relator = 'gt' THEN CAST(amount_lower + next_whole AS DECIMAL(20, 6))
            WHEN relator = 'ge' THEN amount_lower
        END AS lower_stated,
        CASE
            WHEN is_loose THEN CAST(NULL AS DECIMAL(20, 6))
            WHEN relator IN ('eq', 'approx', 'between') THEN CAST(amount_upper + half AS DECIMAL(20, 6))
            WHEN relator = 'lt' THEN CAST(amount_upper - next_whole AS DECIMAL(20, 6))
            WHEN relator = 'le' THEN amount_upper
        END AS upper_stated
    FROM rounded
),
limited AS (
    SELECT
        *,
        CASE
            WHEN is_loose AND relator = 'approx' THEN CAST(NULL AS DECIMAL(20, 6))
            WHEN lower_stated IS NULL OR lower_stated < natural_least THEN natural_least
            WHEN whole THEN CAST(ceil(lower_stated) AS DECIMAL(20, 6))
            ELSE lower_stated
        END AS lower,
        CASE
            WHEN is_loose AND relator = 'approx' THEN CAST(NULL AS DECIMAL(20, 6))
            WHEN upper_stated IS NULL OR upper_stated > natural_most THEN natural_most
            WHEN whole THEN CAST(floor(upper_stated) AS DECIMAL(20, 6))
            ELSE upper_stated
        END AS upper
    FROM stated_bounds
)
SELECT
    row,
    CASE WHEN relator <> 'between' THEN amount END AS value,
    decimals,
    lower,
    upper,
    lower IS NOT NULL AND NOT (relator = 'gt' AND NOT whole AND lower = lower_stated) AS lower_closed,
    upper IS NOT NULL AND NOT (relator = 'lt' AND NOT whole AND upper = upper_stated) AS upper_closed,
    CASE
        WHEN by_curator THEN 'curator'
        WHEN relator = 'between' AND has_precision THEN 'rounding'
        WHEN relator = 'between' THEN CASE WHEN is_hedged THEN 'hedge' ELSE 'stated' END
        WHEN relator IN ('gt', 'ge', 'lt', 'le') OR (is_loose AND relator = 'approx') THEN 'hedge'
        WHEN is_loose THEN 'fraction'
        WHEN has_precision OR half > 0 THEN 'rounding'
        ELSE 'exact'
    END AS bound_basis
FROM limited
