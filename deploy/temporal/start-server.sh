#!/bin/sh
# Starts Temporal with the database's password read from its secret file, so that it stands in no container's settings.
set -eu
POSTGRES_PASSWORD=$(cat /run/secrets/postgres_password)
export POSTGRES_PASSWORD
exec temporal-server --root / --config etc/paramedic --env server --allow-no-auth start
