#!/bin/sh
# Makes Temporal's two databases, or brings them to this version's schema. Safe to repeat.
set -eu
SQL_PASSWORD=$(cat "${POSTGRES_PASSWORD_FILE:-/run/secrets/postgres_password}")
export SQL_PASSWORD SQL_PLUGIN=postgres12 SQL_HOST="${SQL_HOST:-postgresql}" SQL_PORT="${SQL_PORT:-5432}" SQL_USER=temporal
schemas="${TEMPORAL_SCHEMAS:-/etc/temporal/schema/postgresql/v12}"

set_up() { # DATABASE SCHEMA
  temporal-sql-tool --db "$1" create-database
  # A version table that is there already means that only the update is left to do.
  temporal-sql-tool --db "$1" setup-schema -v 0.0 || echo "$1 was set up before."
  temporal-sql-tool --db "$1" update-schema -d "$schemas/$2/versioned"
}

set_up temporal temporal
set_up temporal_visibility visibility
