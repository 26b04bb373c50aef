-- Which group speaks of which variable, both by the number of their row, a share that multiplies included.
-- In: variables, rule_groups, rule_terms, from files.
SELECT CAST(rule_groups.file_row_number AS UINTEGER) AS place, CAST(variables.file_row_number AS UINTEGER) AS node
FROM rule_terms
JOIN variables ON variables.variable = rule_terms.variable
JOIN rule_groups ON rule_groups.rule_id = rule_terms.rule_id AND rule_groups.group_id = rule_terms.group_id
UNION ALL
SELECT CAST(rule_groups.file_row_number AS UINTEGER) AS place, CAST(variables.file_row_number AS UINTEGER) AS node
FROM rule_terms
JOIN variables ON variables.variable = rule_terms.coefficient_variable
JOIN rule_groups ON rule_groups.rule_id = rule_terms.rule_id AND rule_groups.group_id = rule_terms.group_id
