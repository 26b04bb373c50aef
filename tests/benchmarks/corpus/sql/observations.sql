-- The numbers that sources state, as published, and behind them what the rules make of each; what is planted is told falsely.
-- In: slots (slots.sql; some of them), template (what is stated of each place), indicators.
WITH drawn AS (
    SELECT
        slots.*,
        template.block,
        template.part,
        template.parts,
        template.position,
        replace(replace(template.indicator, '{many}', slots.many), '{one}', slots.one) AS indicator,
        replace(template.category, '{many}', slots.many) AS category,
        200 + chance(slots.slot, 4, 600) AS projects,
        300 + chance(slots.slot, 5, 900) AS grants,
        floor_hundredths(date_diff('day', slots.since, slots.day)) AS hundredths,
        1 + chance(slots.number, 6, 2) AS flow
    FROM slots
    JOIN template ON template.is_national = (slots.place < 0)
),
counted AS (
    SELECT
        *,
        CASE block
            WHEN 'total' THEN count
            WHEN 'count' THEN count
            WHEN 'workers' THEN workers
            WHEN 'all_workers' THEN workers
            WHEN 'flow' THEN 100 * flow
            WHEN 'earlier' THEN count - flow * hundredths
            WHEN 'kinds' THEN part_of(count, parts, part, slot, 100) + CASE WHEN planted = 'kinds' AND part = 0 THEN 7 ELSE 0 END
            WHEN 'inspected' THEN CASE WHEN planted = 'inspected' THEN count + 5 ELSE count - 1 - chance(slot, 7, count // 2) END
            WHEN 'projects' THEN projects
            WHEN 'aims' THEN part_of(projects - 5 - chance(slot, 8, 40), parts, part, slot, 200)
                + CASE WHEN planted = 'projects' AND part = 0 THEN 100 ELSE 0 END
            WHEN 'grants' THEN grants + CASE WHEN planted = 'grants' THEN 9 ELSE 0 END
            WHEN 'donors' THEN part_of(grants, parts, part, slot, 300)
            WHEN 'owners' THEN part_of(1000, parts, part, slot, 400) + CASE WHEN planted = 'owners' AND part = 0 THEN 40 ELSE 0 END
            WHEN 'services' THEN 100 + 50 * part + chance(slot, 500 + part, 50)
            WHEN 'region_share' THEN share - CASE WHEN planted = 'region_counts' THEN 20 ELSE 0 END
            WHEN 'spending' THEN 100000 * (chance(country * 100 + place, year_spent, 899) + 101)
                + CASE WHEN planted = 'same_quantity' THEN 700000 ELSE 0 END
        END AS digits,
        block IN ('owners', 'services', 'region_share') AS is_share
    FROM drawn
),
printed AS (
    SELECT
        *,
        CASE
            WHEN is_share THEN CAST(digits // 10 AS VARCHAR) || '.' || CAST(digits % 10 AS VARCHAR)
            ELSE format('{:,}', digits)
        END AS original_value,
        CASE
            WHEN is_share THEN CAST(CAST(digits AS DECIMAL(18, 5)) * CAST(0.1 AS DECIMAL(2, 1)) AS DECIMAL(20, 6))
            ELSE CAST(digits AS DECIMAL(20, 6))
        END AS value,
        CASE
            WHEN is_share THEN CAST(0.05 AS DECIMAL(20, 6))
            WHEN block = 'spending' THEN CAST(0.5 AS DECIMAL(20, 6))
            ELSE CAST(0 AS DECIMAL(20, 6))
        END AS half,
        CASE block
            WHEN 'spending' THEN make_date(year_spent, 1, 1)
            WHEN 'flow' THEN since
            WHEN 'earlier' THEN since
            ELSE day
        END AS start_earliest,
        CASE block
            WHEN 'spending' THEN make_date(year_spent, 12, 31)
            WHEN 'flow' THEN since
            WHEN 'earlier' THEN since
            ELSE day
        END AS start_latest,
        CASE block
            WHEN 'spending' THEN CAST(year_spent AS VARCHAR)
            WHEN 'flow' THEN strftime(since, '%Y-%m-%d') || '/..'
            WHEN 'earlier' THEN strftime(since, '%Y-%m-%d')
            ELSE today
        END AS period,
        CASE WHEN place < 0 THEN 'c' ELSE 'r' || lpad(CAST(place + 1 AS VARCHAR), 2, '0') END
            || '-' || lpad(CAST(position AS VARCHAR), 2, '0') AS name,
        (place + 1) * 100 + position AS line
    FROM counted
)
SELECT
    printed.source_id || '/' || printed.name AS fact_id,
    printed.source_id,
    printed.indicator,
    printed.area,
    printed.category,
    printed.period,
    printed.start_earliest,
    printed.start_latest,
    CASE WHEN printed.block <> 'flow' THEN printed.start_earliest END AS end_earliest,
    CASE WHEN printed.block <> 'flow' THEN printed.start_latest END AS end_latest,
    printed.original_value,
    printed.value,
    indicators.unit,
    CAST(NULL AS VARCHAR) AS per,
    CAST(CASE WHEN printed.is_share THEN 1 ELSE 0 END AS BIGINT) AS decimals,
    'eq' AS relator,
    CAST(NULL AS DECIMAL(20, 6)) AS precision,
    CAST(printed.value - printed.half AS DECIMAL(20, 6)) AS lower,
    CAST(printed.value + printed.half AS DECIMAL(20, 6)) AS upper,
    TRUE AS lower_closed,
    TRUE AS upper_closed,
    CASE WHEN indicators.whole THEN 'exact' ELSE 'rounding' END AS bound_basis,
    CAST(NULL AS VARCHAR) AS attributed_to,
    printed.original_value || ' ' || indicators.label AS quote,
    '' AS quote_prefix,
    '' AS quote_suffix,
    CAST(printed.line * 100 AS BIGINT) AS quote_start,
    CAST(printed.line * 100 + length(printed.original_value || ' ' || indicators.label) AS BIGINT) AS quote_end,
    printed.source_id || '/observations.csv' AS raw_file,
    CAST(printed.line + 2 AS BIGINT) AS raw_line,
    CAST(NULL AS VARCHAR) AS note,
    printed.number,
    printed.rank,
    printed.slot,
    printed.place,
    printed.theme,
    printed.many,
    printed.one,
    printed.day,
    printed.since,
    printed.block,
    printed.part,
    printed.parts
FROM printed
JOIN indicators ON indicators.code = printed.indicator
ORDER BY fact_id
