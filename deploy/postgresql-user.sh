# Run once by PostgreSQL's image, on an empty volume: makes the gateway's user, who owns its database and nothing else, so that
# row-level security holds it. The password becomes this user's; the superuser has none, and is let in by `docker exec` alone.
psql --set=ON_ERROR_STOP=1 --set=password="$POSTGRES_PASSWORD" --username=postgres --dbname=postgres <<'SQL'
CREATE ROLE backchannel LOGIN PASSWORD :'password';
CREATE DATABASE backchannel OWNER backchannel ENCODING 'UTF8' TEMPLATE template0;
ALTER ROLE postgres PASSWORD NULL;
SQL
