-- The findings that what is told falsely must give: kind, rule_id, group_id, type.
-- In: slots, names (rule_id by family and theme); the quantity spending is its position in the template.
WITH named AS (
    SELECT
        *,
        '/r' || lpad(CAST(place + 1 AS VARCHAR), 2, '0') || '-' AS name,
        lpad(CAST(getvariable('spending') AS VARCHAR), 2, '0') AS spending
    FROM slots
)
SELECT
    named.planted AS kind,
    names.rule_id,
    CASE named.planted
        WHEN 'published_last' THEN named.source_id || named.name || 'built'
        WHEN 'same_quantity' THEN
            before.source_id || named.name || named.spending || ' ' || named.source_id || named.name || named.spending
        ELSE named.source_id || ' ' || named.area || ' ' || named.today
    END AS group_id,
    CASE WHEN named.planted = 'grants' THEN 'incomplete' ELSE 'contradiction' END AS type
FROM named
JOIN slots AS before ON before.slot = named.slot - CASE WHEN named.planted = 'same_quantity' THEN 100 ELSE 0 END
JOIN names
    ON names.family = named.planted
    AND names.theme = CASE WHEN named.planted IN ('published_last', 'same_quantity') THEN 0 ELSE named.theme END
WHERE named.planted IS NOT NULL
ORDER BY rule_id, group_id
