#!/bin/sh
# Plays a server whose health depends on how it is told to behave: by its release (the image's tag), its memory, its model.
# usage: workload ok | crash | eat MEBIBYTES | model NAME
port=${PORT:-8080}
trap 'exit 0' TERM INT

say() { echo "$(date -u +%FT%TZ) $*"; }

serve() {
  mkdir -p /tmp/www
  echo "$1" >/tmp/www/index.html
  say "listening on port $port"
  httpd -f -p "$port" -h /tmp/www &
  wait $!
}

# Really holds that much: dd has read it all before it writes, and nobody reads what it writes but the first bytes.
eat() {
  say "loading $1 MiB"
  mkfifo /tmp/held
  dd if=/dev/zero of=/tmp/held bs="$1M" count=1 2>/dev/null &
  holder=$!
  exec 3</tmp/held
  if [ "$(head -c 1 <&3 | wc -c)" -eq 0 ]; then
    wait "$holder"
    exit $?
  fi
  say "holding $1 MiB"
  serve "holding $1 MiB"
}

# Serves the model that was fetched, in the way of KServe's protocols. One whose URI ends with -broken does not load.
model() {
  read -r uri </mnt/models/model
  say "loading model $1, fetched from $uri"
  sleep 1
  case $uri in
    *-broken)
      say "FATAL cannot unpickle model.joblib: No module named 'features_v2'" >&2
      exit 1
      ;;
  esac
  mkdir -p /tmp/www/v1/models /tmp/www/v2/health
  echo "{\"name\": \"$1\", \"ready\": true}" >"/tmp/www/v1/models/$1"
  echo '{"ready": true}' >/tmp/www/v2/health/ready
  serve "$uri"
}

read -r release </release
say "release $release, told to: $*"
if [ "$release" -gt 1 ]; then
  say "FATAL cannot open /etc/ranker/config.yaml: no such file or directory" >&2
  exit 1
fi
case $1 in
  ok) serve ok ;;
  crash)
    say "FATAL told to crash" >&2
    exit 1
    ;;
  eat) eat "$2" ;;
  model) model "$2" ;;
  *)
    say "FATAL does not know how to \"$1\"" >&2
    exit 64
    ;;
esac
