-- Where each quote first stands in its text (place, from 0; -1: nowhere), and whether it stands there again.
SELECT
    quotes.row,
    CAST(strpos(texts.searched, quotes.sought) - 1 AS BIGINT) AS place,
    strpos(substr(texts.searched, strpos(texts.searched, quotes.sought) + 1), quotes.sought) > 0 AS more
FROM quotes
JOIN texts ON texts.source_id = quotes.source_id
