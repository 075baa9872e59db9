-- Of a token only a hash is kept from here on, and a row that holds one in clear could be found by nobody: whoever was signed
-- in signs in again.
DELETE FROM "Session";
