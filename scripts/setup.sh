#!/usr/bin/env bash
# Installs what building (and, with --tests, testing) needs and is missing. Says nothing when all is there.
set -euo pipefail

fail() {
    printf 'setup: %s\n' "$*" >&2
    exit 1
}

check_swift() {
    local version major minor
    command -v swift >/dev/null ||
        fail 'needs Swift 6.2 or newer, and there is no swift on the PATH: see https://www.swift.org/install'
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9]*\.[0-9][0-9]*\).*/\1/p' | head -n 1)
    major=${version%%.*} minor=${version##*.}
    [[ -n $version ]] || fail 'cannot tell the version of swift: "swift --version" fails'
    ((major > 6 || (major == 6 && minor >= 2))) ||
        fail "needs Swift 6.2 or newer, and this is $version: see https://www.swift.org/install"
}

# Prints the names of what is missing, one a line.
missing() {
    if command -v pkg-config >/dev/null; then
        pkg-config --exists libgit2 || echo libgit2
        pkg-config --exists libhs || echo libhs
    else
        printf '%s\n' pkg-config libgit2 libhs
    fi
    command -v git >/dev/null || echo git
    command -v python3 >/dev/null || echo python3
    [[ $tests == yes ]] || return 0
    python3 -c 'import ensurepip, venv' 2>/dev/null || echo venv
    command -v openssl >/dev/null || echo openssl
    command -v curl >/dev/null || echo curl
}

apt_package() {
    case $1 in
        libgit2) echo libgit2-dev ;;
        libhs) # Vectorscan where the distribution has it, its older sister elsewhere
            if apt-cache show libvectorscan-dev >/dev/null 2>&1; then
                echo libvectorscan-dev
            else
                echo libhyperscan-dev
            fi ;;
        venv) echo python3-venv ;;
        *) echo "$1" ;;
    esac
}

brew_package() {
    case $1 in
        libhs) echo vectorscan ;;
        pkg-config) echo pkgconf ;;
        python3 | venv) echo python ;;
        *) echo "$1" ;;
    esac
}

# Runs an installer quietly; fails with its first complaint on one line.
quietly() {
    local output complaint
    if ! output=$("$@" 2>&1); then
        complaint=$(grep -m 1 -E '^(E:|Error)' <<<"$output" || tail -n 1 <<<"$output")
        fail "\"$*\" failed (is there a network?): $complaint"
    fi
}

install_with_apt() {
    local as_root=() name packages=()
    if ((EUID != 0)); then
        command -v sudo >/dev/null || fail "is not root and there is no sudo to install: $*"
        as_root=(sudo)
    fi
    as_root+=(env DEBIAN_FRONTEND=noninteractive apt-get)
    # A fresh container knows no packages at all until the lists are fetched. One source of several that cannot be
    # reached is no reason to stop; whether what is needed can be had, the installation tells.
    "${as_root[@]}" update -qq >/dev/null 2>&1 || true
    for name in "$@"; do packages+=("$(apt_package "$name")"); done
    echo "setup: installing ${packages[*]}" >&2
    quietly "${as_root[@]}" install -y -qq --no-install-recommends "${packages[@]}"
}

install_with_brew() {
    local name packages=()
    for name in "$@"; do packages+=("$(brew_package "$name")"); done
    echo "setup: installing ${packages[*]}" >&2
    quietly brew install --quiet "${packages[@]}"
}

tests=no
[[ ${1-} != --tests ]] || tests=yes
check_swift

names=()
while read -r name; do names+=("$name"); done < <(missing)
((${#names[@]})) || exit 0

if command -v apt-get >/dev/null; then
    install_with_apt "${names[@]}"
elif command -v brew >/dev/null; then
    install_with_brew "${names[@]}"
else
    fail "knows only apt-get and brew, and neither is here; install by hand: ${names[*]}"
fi

left=$(missing | paste -s -d ' ' -)
[[ -z $left ]] || fail "installed, but still not found: $left"
