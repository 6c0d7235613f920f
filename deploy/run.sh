#!/usr/bin/env bash
# The marketplace on a fresh machine: everything it needs, demonstration data, web and worker. Ctrl-C stops all of it.
#
#   bash deploy/run.sh [--catalogue FILE [--supplier RUC] [--agreement CODE]] [--port 8000]
#
# Variables: DATABASE_URL, ELASTICSEARCH_URL, REDIS_URL use servers of yours; SOCE_DATA says where data are kept.
set -euo pipefail
source "$(dirname "$0")/lib.sh"
cd "$ROOT"

HOST=${HOST:-127.0.0.1} PORT=${PORT:-8000} CATALOGUE='' SUPPLIER='' AGREEMENT=''
while [ $# -gt 0 ]; do
  case $1 in
    --catalogue) CATALOGUE=$(realpath -e "${2:?--catalogue needs a file}" 2>/dev/null) || fail "There is no file $2." ;;
    --supplier) SUPPLIER=${2:?--supplier needs a RUC} ;;
    --agreement) AGREEMENT=${2:?--agreement needs a code} ;;
    --port) PORT=${2:?--port needs a number} ;;
    -h | --help) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) fail "«$1» is not an option. Try --help." ;;
  esac
  shift 2
done
is_free "$HOST" "$PORT" || fail "Port $PORT is busy on $HOST. Stop what listens there, or choose another: bash deploy/run.sh --port 8001"

environment "$ROOT/requirements.txt"
pango
say "Front end"
frontend
translations
export BASE_URL=${BASE_URL:-http://$HOST:$PORT}

PIDS=()
start() { # in a session of its own: Ctrl-C reaches this script alone, which stops all in order
  setsid "$@" &
  PIDS+=($!)
}
stop() {
  trap '' INT TERM
  trap - EXIT
  echo
  say "Stopping"
  [ ${#PIDS[@]} -eq 0 ] || kill "${PIDS[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
  [ -n "${DATABASE_URL:-}" ] || python -m marketplace.settings.embedded stop
}
trap stop EXIT
trap 'exit 0' INT TERM

[ -n "${DATABASE_URL:-}" ] || { say "PostgreSQL"; python -m marketplace.settings.embedded start; }
python -u manage.py demo_prepare | while read -r step; do say "$step"; done || fail "The marketplace could not be prepared; the lines above say why."
if [ -n "$CATALOGUE" ]; then
  say "Catalogue $(basename "$CATALOGUE")"
  python manage.py demo_catalogue "$CATALOGUE" ${SUPPLIER:+--supplier "$SUPPLIER"} ${AGREEMENT:+--agreement "$AGREEMENT"} || [ $? -eq 1 ] || exit 2
fi

say "Web and worker"
if [ -n "${REDIS_URL:-}" ]; then
  start celery -A marketplace.celery worker -B --loglevel WARNING --schedule "${TMPDIR:-/tmp}/soce-beat-$PORT"
else
  start python manage.py jobs_work
fi
start granian --interface wsgi --host "$HOST" --port "$PORT" --workers "${WEB_WORKERS:-2}" --blocking-threads 2 \
  --workers-kill-timeout 5 --no-ws --log-level warning marketplace.wsgi:application
for _ in $(seq 100); do is_free "$HOST" "$PORT" || break; sleep 0.1; done
is_free "$HOST" "$PORT" && fail "The web server did not start."
say "Ready"
python manage.py demo_accounts --address "$BASE_URL"
wait -n "${PIDS[@]}" || true
