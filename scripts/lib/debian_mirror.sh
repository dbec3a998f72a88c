# shellcheck shell=bash
# Debian's mirror as this machine uses it, and from it packages of Debian 11 for what has to start in old guests. Sourced, never
# run; needs common.sh.

readonly OLD_SUITE=bullseye

# The mirror of this machine's own Debian sources; empty where it has none (Ubuntu) or its package lists are empty.
debian_mirror() {
    # shellcheck disable=SC2016  # apt's own placeholder
    apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' 'Component: main' | head -n 1
}

# unpack_old_packages WORK NAME...: downloads the packages and unpacks them into WORK/root.
unpack_old_packages() {
    local work=$1 mirror package
    shift
    mirror=$(debian_mirror)
    [ -n "$mirror" ] || die 4 "apt knows no Debian mirror on this machine" \
        "on Debian: apt-get update; elsewhere make the folder on a Debian machine and copy it"
    mkdir -p "$work/lists/partial" "$work/archives/partial" "$work/root"
    printf 'deb [arch=amd64 signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' "$mirror" "$OLD_SUITE" \
        >"$work/sources.list"
    # Lists, caches and the knowledge of what is installed are this folder's own: the machine's apt is not touched.
    local private_apt=(apt-get -q -o "Dir::Etc::SourceList=$work/sources.list" -o Dir::Etc::SourceParts=/dev/null
        -o "Dir::State::Lists=$work/lists" -o Dir::State::status=/dev/null -o "Dir::Cache::Archives=$work/archives"
        -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User= -o Acquire::Languages=none)
    "${private_apt[@]}" update
    (cd "$work" && "${private_apt[@]}" download "$@")
    for package in "$work"/*.deb; do dpkg -x "$package" "$work/root"; done
}
