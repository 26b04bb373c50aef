-- What a rule adds to a group besides facts: slack of its own, or a constant (quantity null).
-- In: stated (observations.sql; of some sources), slack (by family: at which block it hangs, its name and what it is),
-- indicators.
SELECT
    slack.family,
    stated.theme,
    stated.source_id,
    groups.group_id || slack.ending AS group_id,
    slack.op,
    named.name || ' ' || groups.group_id AS quantity,
    CAST(CASE WHEN slack.coefficient = 0 THEN 1 - stated.parts ELSE slack.coefficient END AS DECIMAL(20, 8)) AS coefficient,
    CAST(CASE WHEN slack.most_each THEN 100 * stated.parts ELSE slack.most END AS DECIMAL(20, 6)) AS most,
    indicators.whole AS is_integer,
    replace(replace(slack.words, '{label}', indicators.label), '{group}', groups.group_id) AS description
FROM stated
JOIN slack ON slack.block = stated.block AND stated.part = 0
CROSS JOIN LATERAL (
    SELECT replace(replace(slack.name, '{many}', stated.many), '{one}', stated.one) AS name
) AS named
CROSS JOIN LATERAL (SELECT stated.source_id || ' ' || stated.area || ' ' || stated.period AS group_id) AS groups
LEFT JOIN indicators ON indicators.code = regexp_extract(named.name, '\w+$')
