-- A number from 0 up to n, the same for the same a and b on any machine; it depends on the quantity seed.
CREATE OR REPLACE MACRO chance(a, b, n) AS
    ((a * 48271 + b * 69621 + getvariable('seed')) % 2147483647 * 16807 + b * 7919) % 2147483647 % n;

-- One of several parts of a whole, which sum to it: neighbours are by as much above and below an even share.
CREATE OR REPLACE MACRO part_of(whole, parts, part, slot, salt) AS
    whole // parts
    + CASE WHEN part = 0 THEN whole % parts ELSE 0 END
    + CASE
        WHEN part // 2 * 2 + 1 >= parts THEN 0
        WHEN part % 2 = 0 THEN chance(slot, salt + part // 2, whole // parts)
        ELSE -chance(slot, salt + part // 2, whole // parts)
    END;

-- Days as hundredths of a year of 365.2425 days, rounded down or up.
CREATE OR REPLACE MACRO floor_hundredths(days) AS days * 1000000 // 3652425;
CREATE OR REPLACE MACRO ceil_hundredths(days) AS (days * 1000000 + 3652424) // 3652425;
