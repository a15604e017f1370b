#!/bin/sh
# Plays a bare Debian without network and without init; PLAY is one of
#   upgrades (the default)  installing, upgrading, a failed upgrade and rolling back
#   afternoon               installing, a province's afternoon to its published month, and its backup on another bare Debian
#   benchmarks/bare_debian.sh [FOLDER [PLAY]]    needs root, debootstrap and unshare; 1.5 GB in FOLDER (default: a new one)
# Everything runs in namespaces of its own and ends with them. Prints one line per step, with seconds, and PASSED.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd -P)
for tool in debootstrap unshare chroot git; do
    command -v $tool >/dev/null || { echo "SKIPPED: there is no $tool here"; exit 0; }
done
[ "$(id -u)" = 0 ] || { echo "SKIPPED: needs root"; exit 0; }
folder=${1:-$(mktemp -d)} play=${2:-upgrades}
[ -e "$here/benchmarks/bare_debian_$play.sh" ] || { sed -n '2,5p' "$0"; exit 2; }
packages=ca-certificates,python3,python3-venv,postgresql,nginx,systemd,git,curl,openssl
if [ ! -e "$folder/bare/etc/debian_version" ]; then
    debootstrap --variant=minbase --include=$packages bookworm "$folder/bare" http://deb.debian.org/debian >"$folder/debootstrap.log"
fi
if ! cmp -s "$here/requirements.txt" "$folder/wheels/.requirements"; then
    "$here/.venv/bin/pip" download -q --require-hashes -r "$here/requirements.txt" -d "$folder/wheels"
    cp "$here/requirements.txt" "$folder/wheels/.requirements"
fi
machine() { # machine ROOT: a bare Debian with the program of the last commit, its libraries' wheels and the play
    rm -rf "$1" && cp -a "$folder/bare" "$1"
    git clone -q --no-local "$here" "$1/opt/hai-long"
    git -C "$1/opt/hai-long" remote remove origin
    cp -r "$folder/wheels" "$1/srv/wheels"
    cp "$here/benchmarks/bare_debian_machine.sh" "$1/srv/machine.sh"
    cp "$here/benchmarks/bare_debian_$play.sh" "$1/srv/play.sh"
}
root=$folder/root
machine "$root"
if [ "$play" = afternoon ]; then machine "$folder/elsewhere" && mv "$folder/elsewhere" "$root/srv/elsewhere"; fi
exec timeout 7200 unshare --net --mount --pid --ipc --uts --fork --kill-child chroot "$root" sh /srv/play.sh
