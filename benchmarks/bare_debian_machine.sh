# Read first by what is played inside the bare Debian of benchmarks/bare_debian.sh: a machine's mounts, and `check`.
set -eu
mount -t proc proc /proc
mount -t tmpfs tmpfs /run && mkdir -p /run/postgresql && chown postgres:postgres /run/postgresql
mount -t tmpfs tmpfs /dev/shm && chmod 1777 /dev/shm
python3 -c '
import fcntl, socket, struct
with socket.socket() as s:
    fcntl.ioctl(s, 0x8914, struct.pack("16sh14x", b"lo", 0x41))'
export LC_ALL=C.UTF-8 GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@example.org GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@example.org
git config --global --add safe.directory /opt/hai-long
cd /opt/hai-long
began=$(date +%s) step=0
told() { step=$((step + 1)); echo "$step $(($(date +%s) - began)) s: $*"; began=$(date +%s); }
check() { # check WORDS COMMAND...
    words=$1; shift
    "$@" >/srv/said 2>&1 || { echo "FAILED: $words"; cat /srv/said; exit 1; }
    told "$words"
}
fails() { ! "$@"; }
says() { # says TEXT COMMAND...
    text=$1; shift
    "$@" >/srv/says 2>&1 || true
    grep -q -- "$text" /srv/says || { cat /srv/says; return 1; }
}
serve() { # as the unit does; a bare root has no init
    runuser -u hai-long -- env HAI_LONG_ENVIRONMENT=/etc/hai-long/environment \
        .venv/bin/gunicorn --config deploy/gunicorn.conf.py wsgi:app >/srv/gunicorn.log 2>&1 &
    server=$!
}
answers() { curl -fs --retry 120 --retry-delay 1 --retry-connrefused http://127.0.0.1:8000/readyz; }
