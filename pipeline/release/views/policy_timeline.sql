-- Policy timeline: the dated events, in their order.
SELECT
    events.source_id,
    events.period,
    events.start_earliest,
    events.start_latest,
    events.end_earliest,
    events.end_latest,
    events.who,
    agents.label AS who_label,
    events.what,
    events.place,
    areas.label AS place_label,
    events.attributed_to,
    claimants.label AS attributed_to_label,
    events.quote,
    events.fact_id
FROM events
LEFT JOIN agents ON agents.code = events.who
LEFT JOIN agents AS claimants ON claimants.code = events.attributed_to
LEFT JOIN areas ON areas.code = events.place
ORDER BY events.start_earliest, events.start_latest, events.end_latest, events.fact_id
