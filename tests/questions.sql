-- How many NGOs were there in 2011?
SELECT as_printed, lower, upper
FROM facts
WHERE indicator = 'ngos' AND first_day <= '2011-12-31' AND last_day >= '2011-01-01';

-- What share of all organisations does Almaty oblast have, as printed, and between which limits can it be?
SELECT as_printed, lower, upper
FROM facts
WHERE indicator = 'organisations_share' AND area_label = 'Almaty oblast';

-- How many dialogue bodies are in no named group, and what share of all are they?
SELECT lower, upper, percent_of_whole
FROM dialogue_bodies
WHERE part = 'unnamed remainder';

-- What is said of Almaty oblast, and what should I mind?
SELECT what, as_printed, caveat, link
FROM facts
WHERE area = 'KZ-ALM';

-- Which words was the number of NGOs read from, and where do they stand in the text?
SELECT mentions.words, mentions.start_offset, mentions.end_offset, facts.link
FROM facts
JOIN mentions USING (fact_id)
WHERE facts.indicator = 'ngos' AND mentions.role = 'value';

-- Which checks do not hold, and why?
SELECT rule_id, status, explanation
FROM check_results
WHERE status IN ('violated', 'finding', 'remark')
ORDER BY rule_id;

-- Which findings are there, and with which reason were they acknowledged?
SELECT check_results.explanation, findings.type, findings.lower, findings.upper, findings.reason
FROM findings
JOIN check_results USING (rule_id, group_id);

-- What was added, removed or changed in the events since the release before?
SELECT key, change, column_name, old, new
FROM changes
WHERE table_name = 'events' AND (column_name IS NULL OR column_name = 'who')
ORDER BY change, key;

-- Which numbers are lower bounds only?
SELECT what, as_printed, lower
FROM facts
WHERE lower IS NOT NULL AND upper IS NULL
ORDER BY what;

-- Which facts can be read in another way, and how?
SELECT facts.what, readings.column_name, readings.taken, readings.other
FROM facts
JOIN readings USING (fact_id)
ORDER BY facts.fact_id, readings.column_name, readings.other;

-- Which numbers of organisations follow from the facts, though no source states them?
SELECT what, lower, upper
FROM implied_values
WHERE NOT is_stated AND indicator = 'organisations'
ORDER BY what;

-- What happened, in order?
SELECT period, what
FROM facts
WHERE type = 'event'
ORDER BY first_day, last_day, what;

-- Who other than the publisher claims what?
SELECT facts.attributed_to_label, facts.quote
FROM facts
JOIN sources USING (source_id)
WHERE facts.attributed_to <> sources.publisher
ORDER BY facts.fact_id;

-- Which documents were the facts read from, and under which rights?
SELECT sources.title, agents.label, sources.published, sources.rights, sources.republish_text
FROM sources
JOIN agents ON agents.code = sources.publisher;

-- Which shares must not be added up?
SELECT category_label, as_printed
FROM facts
JOIN indicators ON indicators.code = facts.indicator
WHERE indicators.kind = 'multi_share'
ORDER BY facts.lower DESC, facts.category;

-- In which unit is each indicator counted?
SELECT code, unit, per
FROM indicators
ORDER BY code;

-- How many facts of each type does no check speak of?
SELECT type, count(*) AS number
FROM facts
WHERE status IS NULL
GROUP BY type;

-- Which releases are there, in order, and what is each based on?
SELECT version, date, based_on
FROM releases
ORDER BY date, version;

-- Which numerals and labels of the texts are no facts, and why?
SELECT words, waiver_kind, reason
FROM mentions
WHERE role = 'waived'
ORDER BY source_id, start_offset;

-- Which facts does the check of the dialogue bodies speak of?
SELECT facts.what, facts.as_printed
FROM check_facts
JOIN facts USING (fact_id)
WHERE check_facts.rule_id = 'every_dialogue_body_is_named'
ORDER BY facts.lower DESC;
