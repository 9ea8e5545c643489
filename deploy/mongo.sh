#!/usr/bin/env bash
# Members of a replica set with passwords prove themselves to each other by a key file; this makes one and goes on as usual.
set -euo pipefail
key=/data/db/.replica-key
[ -s "$key" ] || head -c 756 /dev/urandom | base64 >"$key"
chmod 400 "$key"
chown mongodb:mongodb "$key"
exec docker-entrypoint.sh mongod --replSet rs0 --keyFile "$key" --bind_ip_all
