#!/bin/sh
# Plays installing, upgrading, a failed upgrade and rolling back on a bare Debian without network and without init.
#   benchmarks/bare_debian.sh [FOLDER]    needs root, debootstrap and unshare; about 800 MB in FOLDER (default: a new one)
# Everything runs in namespaces of its own and ends with them. Prints one line per step, with seconds, and PASSED.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd -P)
for tool in debootstrap unshare chroot git; do
    command -v $tool >/dev/null || { echo "SKIPPED: there is no $tool here"; exit 0; }
done
[ "$(id -u)" = 0 ] || { echo "SKIPPED: needs root"; exit 0; }
folder=${1:-$(mktemp -d)}
packages=ca-certificates,python3,python3-venv,postgresql,nginx,systemd,git,curl,openssl
if [ ! -e "$folder/bare/etc/debian_version" ]; then
    debootstrap --variant=minbase --include=$packages bookworm "$folder/bare" http://deb.debian.org/debian >"$folder/debootstrap.log"
fi
if [ ! -d "$folder/wheels" ]; then
    "$here/.venv/bin/pip" download -q --require-hashes -r "$here/requirements.txt" -d "$folder/wheels"
fi
root=$folder/root
rm -rf "$root" && cp -a "$folder/bare" "$root"
git clone -q --no-local "$here" "$root/opt/hai-long"
git -C "$root/opt/hai-long" remote remove origin
cp -r "$folder/wheels" "$root/srv/wheels"
cp "$here/benchmarks/bare_debian_inside.sh" "$root/srv/inside.sh"
exec timeout 1500 unshare --net --mount --pid --ipc --uts --fork --kill-child chroot "$root" sh /srv/inside.sh
