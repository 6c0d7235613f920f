#!/usr/bin/env bash
# The whole suite: linters, contracts, translations, tests.
#
#   bash deploy/test.sh [--long] [pytest options and paths]
#
# SHARED names the folder of real data (default: ../shared beside the project). With CI=true nothing is skipped.
set -euo pipefail
source "$(dirname "$0")/lib.sh"
cd "$ROOT"
export DJANGO_SETTINGS_MODULE=marketplace.settings.test
export SHARED=${SHARED:-$(cd "$ROOT/.." && pwd)/shared}

# ---------------------------------------------------------------- what the tests need
VENV=${VENV:-$ROOT/.venv}
environment "$ROOT/tests/requirements.txt"
need() { # need COMMAND PACKAGE… : a program that the tests talk to
  has "$1" && return
  say "$1"
  debian "${@:2}" || { [ "${CI:-}" != true ] || fail "Falta $1 y no se pudo instalar (apt-get install ${*:2})."; say "Falta $1: sus pruebas se omiten. Para tenerlas: apt-get install ${*:2}"; }
}
pango
need chromium chromium
need redis-server redis-server
need msgfmt gettext
say "Interfaz"
frontend
translations
say "Elasticsearch"
bash deploy/elasticsearch.sh fetch || { [ "${CI:-}" != true ] || fail "No se pudo traer Elasticsearch."; }

# ---------------------------------------------------------------- habits
say "Estilo del código"
ruff check .
ruff format --check .
djlint --quiet --lint marketplace framework_agreements catalog_import search cms
mypy --no-error-summary marketplace/kernel
say "Contratos entre salas"
quietly lint-imports || { lint-imports; exit 1; }
say "Traducciones"
python -m tests.translations

# ---------------------------------------------------------------- tests
say "Pruebas"
python -m pytest -n "${TEST_WORKERS:-2}" --dist loadfile "$@"
say "Listo"
