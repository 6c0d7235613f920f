#!/usr/bin/env bash
# The marketplace on a fresh machine: everything it needs, demonstration data, web and worker. Ctrl-C stops all of it.
#
#   bash deploy/run.sh [--catalogue FILE [--supplier RUC] [--agreement CODE]] [--port 8000]
#
# Variables: DATABASE_URL, ELASTICSEARCH_URL, REDIS_URL, FINANCE_GATEWAY_URL use servers of yours; SOCE_DATA says where data are kept.
set -euo pipefail
source "$(dirname "$0")/lib.sh"
cd "$ROOT"

usage() {
  cat <<TEXT
bash deploy/run.sh [--catalogue ARCHIVO [--supplier RUC] [--agreement CÓDIGO]] [--port 8000]

Levanta el mercado con una demostración; Ctrl-C detiene todo. Con --catalogue importa, adjudica y publica antes esa lista de precios.
DATABASE_URL, ELASTICSEARCH_URL, REDIS_URL y FINANCE_GATEWAY_URL usan servidores propios; SOCE_DATA dice dónde se guardan los datos.
TEXT
}

HOST=${HOST:-127.0.0.1} PORT=${PORT:-8000} CATALOGUE='' SUPPLIER='' AGREEMENT=''
while [ $# -gt 0 ]; do
  case $1 in
    --catalogue | --supplier | --agreement | --port) [ $# -ge 2 ] && [ -n "$2" ] || fail "$1 pide un valor. Pruebe --help." ;;
  esac
  case $1 in
    --catalogue) CATALOGUE=$(realpath -e "$2" 2>/dev/null) || fail "No existe el archivo $2." ;;
    --supplier) SUPPLIER=$2 ;;
    --agreement) AGREEMENT=$2 ;;
    --port) PORT=$2 ;;
    -h | --help) usage; exit 0 ;;
    *) fail "«$1» no es una opción. Pruebe --help." ;;
  esac
  shift 2
done
[[ $PORT =~ ^[0-9]+$ ]] || fail "El puerto «$PORT» no es un número."
is_free "$HOST" "$PORT" || fail "El puerto $PORT está ocupado en $HOST. Detenga lo que escucha allí o elija otro: bash deploy/run.sh --port 8001"

environment "$ROOT/requirements.txt"
pango
say "Interfaz"
frontend
translations
export BASE_URL=${BASE_URL:-http://$HOST:$PORT}

# several may run from one folder: the database goes on until the last of them stops
exec 9>"${TMPDIR:-/tmp}/soce-run-$(printf %s "${SOCE_DATA:-$ROOT}" | cksum | cut -d' ' -f1)"
flock -s 9

PIDS=()
start() { # in a session of its own: Ctrl-C reaches this script alone, which stops all in order
  setsid "$@" 9>&- &
  PIDS+=($!)
}
stop() {
  trap '' INT TERM HUP
  trap - EXIT
  { echo && say "Deteniendo"; } 2>/dev/null || true # the window may have been closed
  [ ${#PIDS[@]} -eq 0 ] || kill "${PIDS[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
  [ -n "${DATABASE_URL:-}" ] || ! flock -n -x 9 || python -m marketplace.settings.embedded stop 9>&-
}
trap stop EXIT
trap 'exit 0' INT TERM HUP

[ -n "${DATABASE_URL:-}" ] || { say "PostgreSQL"; python -m marketplace.settings.embedded start; }
python -u manage.py demo_prepare | while read -r step; do say "$step"; done || fail "No se pudo preparar el mercado; las líneas de arriba dicen por qué."
if [ -n "$CATALOGUE" ]; then
  say "Catálogo $(basename "$CATALOGUE")"
  python manage.py demo_catalogue "$CATALOGUE" ${SUPPLIER:+--supplier "$SUPPLIER"} ${AGREEMENT:+--agreement "$AGREEMENT"} || [ $? -eq 1 ] || exit 2
fi

if [ -z "${FINANCE_GATEWAY_URL:-}" ]; then # payments of the demonstration go to a finance system that is a program beside it
  GATEWAY_PORT=$((PORT + 1))
  until is_free 127.0.0.1 "$GATEWAY_PORT"; do GATEWAY_PORT=$((GATEWAY_PORT + 1)); done
  FINANCE_GATEWAY_SECRET=$(python -c 'import secrets; print(secrets.token_urlsafe(32))')
  export FINANCE_GATEWAY_SECRET FINANCE_GATEWAY_URL=http://127.0.0.1:$GATEWAY_PORT
  DATA=$(python -c 'import os, pathlib, marketplace.settings.embedded as e; print(e.data_folder(pathlib.Path.cwd(), os.environ.get("SOCE_DATA", "")))')
  mkdir -p "$DATA"
  start python -m marketplace.shop.payment.simulator --port "$GATEWAY_PORT" --state "$DATA/finance-simulator" \
    --callback "http://${HOST/0.0.0.0/127.0.0.1}:$PORT/pasarela/avisos/"
fi

say "Servidor web y tareas"
if [ -n "${REDIS_URL:-}" ]; then
  start celery -A marketplace.celery worker -B --loglevel WARNING --schedule "${TMPDIR:-/tmp}/soce-beat-$PORT"
else
  start python manage.py jobs_work
fi
start granian --interface wsgi --host "$HOST" --port "$PORT" --workers "${WEB_WORKERS:-2}" --blocking-threads "${WEB_THREADS:-2}" \
  --workers-kill-timeout 5 --no-ws --log-level warning marketplace.wsgi:application
for _ in $(seq 100); do is_free "$HOST" "$PORT" || break; sleep 0.1; done
is_free "$HOST" "$PORT" && fail "El servidor web no arrancó."
say "Listo"
python manage.py demo_accounts --address "$BASE_URL"
wait -n "${PIDS[@]}" || true
