# The afternoon of docs/operations.vi.md from a bare Debian to a published month, and its backup on another one.
. /srv/machine.sh
NAME=hailong.example.vn
INSTALL="deploy/install --name $NAME --province son-la --wheels /srv/wheels"
AFTERNOON=/var/lib/hai-long/afternoon
begun=$(date +%s)
installed() { # a machine is installed, whole, and answers
    check "deploy/install from nothing, without network" $INSTALL
    cp /srv/said /srv/first
    check "deploy/install --check: nothing is missing" deploy/install --check
    serve
    check "the service answers" answers
}

if [ "${1:-}" = elsewhere ]; then
    installed
    check "survey restore of the other machine's backup" hai-long survey restore --force /var/lib/hai-long/elsewhere.zip
    kill $server
    wait $server 2>/dev/null || true
    serve
    check "the service answers with it" answers
    check "analysis verify: the signed document's figures are these" hai-long analysis verify /var/lib/hai-long/signed.pdf
    echo "$step $(($(date +%s) - begun))" >/srv/told
    kill $server
    exit
fi

echo "127.0.0.1 $NAME" >>/etc/hosts
installed
nginx
check "through nginx and TLS the page of signing in" says "Đăng nhập" curl -kfsS "https://$NAME/login"
install -d -o hai-long -g hai-long "$AFTERNOON"
PASSWORD=$(sed -n 's/.*Mật khẩu đầu.*: //p' /srv/first) .venv/bin/python -m benchmarks.installed_afternoon "https://$NAME" "$AFTERNOON" $step
step=$(cat "$AFTERNOON/steps") began=$(date +%s)
check "the nightly backup, as its timer runs it" hai-long survey backup-nightly /var/lib/hai-long/backups
check "and its rehearsal: every table is counted" hai-long survey rehearse-restore /var/lib/hai-long/backups
check "deploy/upgrade to the same version: nothing is lost" deploy/upgrade HEAD --wheels /srv/wheels
other=/srv/elsewhere
cp "$(ls -t /var/lib/hai-long/backups/*.zip | head -n 1)" $other/var/lib/elsewhere.zip
cp "$(ls "$AFTERNOON"/reports/*.pdf | head -n 1)" $other/var/lib/signed.pdf
kill $server
nginx -s stop 2>/dev/null
pg_lsclusters -h | while read -r version cluster _; do pg_ctlcluster "$version" "$cluster" stop; done
chroot $other sh -c '
    useradd --system --home-dir /var/lib/hai-long --shell /usr/sbin/nologin hai-long
    install -d -o hai-long -g hai-long -m 700 /var/lib/hai-long
    install -o hai-long -m 600 /var/lib/elsewhere.zip /var/lib/signed.pdf /var/lib/hai-long/
    exec sh /srv/play.sh elsewhere' 2>&1 | sed -u 's/^/another machine: /'
read -r more _ <$other/srv/told
tenths=$((($(date +%s) - begun) / 6))
echo "$((step + more)) steps, $((tenths / 10)).$((tenths % 10)) minutes"
echo PASSED
