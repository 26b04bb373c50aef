-- Every place of which a source speaks: its country (place -1) and each of its regions, with what is true there and what of it
-- is told falsely.
-- In: published (source_id, country, rank, day), regions (country, place, code), themes (theme, many, one), with
-- the quantities seed, every (one source of so many tells something falsely) and themes (how many there are).
WITH places AS (
    SELECT
        published.*,
        regions.place,
        regions.code AS area,
        themes.many,
        themes.one,
        themes.theme,
        published.number * 100 + regions.place AS slot,
        MAX(regions.place) OVER (PARTITION BY published.number) AS last_place
    FROM published
    JOIN regions ON regions.country = published.country
    JOIN themes ON themes.theme = published.rank // 2 % getvariable('themes')
),
counted AS (
    SELECT
        *,
        1000 + 40 * (last_place - place) + chance(slot, 1, 40) AS count,
        300 + chance(slot, 2, 6000) AS workers
    FROM places
    WHERE place >= 0
),
shared AS (
    SELECT
        *,
        SUM(count) OVER (PARTITION BY number) AS total,
        SUM(workers) OVER (PARTITION BY number) AS all_workers,
        CASE
            WHEN number % getvariable('every') = 0 AND place = last_place THEN number // getvariable('every') % 8
        END AS turn
    FROM counted
),
regional AS (
    SELECT
        number, source_id, country, rank, day, slot, place, area, theme, many, one, count, workers,
        CAST((2000 * count + total) // (2 * total) AS BIGINT) AS share,
        CASE turn
            WHEN 0 THEN 'kinds'
            WHEN 1 THEN 'inspected'
            WHEN 2 THEN 'projects'
            WHEN 3 THEN 'grants'
            WHEN 4 THEN 'owners'
            WHEN 5 THEN 'region_counts'
            WHEN 6 THEN 'published_last'
            WHEN 7 THEN CASE WHEN rank % 2 = 1 THEN 'same_quantity' ELSE 'kinds' END
        END AS planted
    FROM shared
),
national AS (
    SELECT DISTINCT
        places.number, places.source_id, places.country, places.rank, places.day, places.slot, places.place, places.area,
        places.theme, places.many, places.one,
        CAST(shared.total AS BIGINT) AS count, CAST(shared.all_workers AS BIGINT) AS workers, CAST(NULL AS BIGINT) AS share,
        CAST(NULL AS VARCHAR) AS planted
    FROM places
    JOIN shared ON shared.number = places.number
    WHERE places.place < 0
)
SELECT
    *,
    strftime(day, '%Y-%m-%d') AS today,
    DATE '1980-01-01' + CAST(rank AS INTEGER) AS since,
    1700 + rank // 2 AS year_spent,
    year(day) - 2 - chance(slot, 3, 8) AS year_begun
FROM (SELECT * FROM regional UNION ALL SELECT * FROM national)
ORDER BY number, place
