# Installing, upgrading, a failed upgrade and rolling back. Each `check` must hold, or it ends there.
. /srv/machine.sh
rows() { hai-long survey export --kind services /var/lib/hai-long/services.csv >/dev/null && wc -l </var/lib/hai-long/services.csv && rm -f /var/lib/hai-long/services.csv; }
INSTALL="deploy/install --name hailong.example.vn --province dak-lak --wheels /srv/wheels"

check "--check names what is missing and changes nothing" says "THIẾU cơ sở dữ liệu\|THIẾU PostgreSQL\|THIẾU người dùng" deploy/install --check
check "there is still no user hai-long" fails id hai-long
check "deploy/install from nothing, without network" $INSTALL
cp /srv/said /srv/first; grep -q "Mật khẩu đầu" /srv/first
check "nothing is missing any more" deploy/install --check
check "a second run changes nothing" fails sh -c "$INSTALL | grep '  làm '"
chmod 644 /etc/hai-long/environment
check "a setting file that others may read is named" says "THIẾU thiết lập" deploy/install --check
check "and mended" $INSTALL
chmod -R go-rwx survey wsgi.py
sed -i 's/burst=[0-9]*/burst=999/' /etc/nginx/sites-available/hai-long
check "a program closed by root's own umask is opened to the service, and a changed site told" says "đã được sửa trên máy này" $INSTALL
check "the service reads the program" runuser -u hai-long -- cat wsgi.py survey/cli.py
check "the site keeps what was changed" grep -q burst=999 /etc/nginx/sites-available/hai-long
check "units are valid" systemd-analyze verify --man=no /etc/systemd/system/hai-long*.service /etc/systemd/system/hai-long*.timer
for unit in /etc/systemd/system/hai-long*.service; do
    check "exposure of ${unit##*/} is at most 2.5" systemd-analyze security --offline=true --threshold=25 "$unit"
done
check "nginx takes the site" nginx -t
serve; nginx
check "the service answers" answers
check "through nginx and TLS the page of signing in" says "Đăng nhập" curl -kfsS --resolve hailong.example.vn:443:127.0.0.1 https://hailong.example.vn/login
kill $server
check "an unquoted & of the database's address reaches the program" sh -c '
    sed -i "s|^DATABASE_URL=.*|DATABASE_URL=postgresql:///hai-long?host=/var/run/postgresql\&application_name=a\&connect_timeout=9|" /etc/hai-long/environment
    hai-long db current 2>/dev/null | grep "(head)"'
check "and so do quotes, a comment, export and the ends of Windows lines, also to the installation" sh -c '
    sed -i "s|^DATABASE_URL=\\(.*\\)|# DATABASE_URL=sqlite:////nowhere\nexport DATABASE_URL = \"\\1\"\r|" /etc/hai-long/environment
    deploy/install --check | grep "có    cơ sở dữ liệu hai-long"'
printf 'code,name,sector,field\nTHU-1,Dịch vụ thử,health,Khám bệnh\n' >/srv/dich-vu.csv
check "data comes in" hai-long survey import --kind services /srv/dich-vu.csv
chmod 711 /srv
check "the nightly backup" hai-long survey backup-nightly /var/lib/hai-long/backups
check "is restored for rehearsal" hai-long survey rehearse-restore /var/lib/hai-long/backups
check "what is silent is said" says "Dịch vụ không trả lời" hai-long survey watch /var/lib/hai-long/backups
check "an alarm without mail says so" says "Không gửi thư" hai-long survey alarm hai-long.service

before=$(rows)
echo "# another version" >>wsgi.py && git commit -qam "A newer version" && newer=$(git rev-parse HEAD) && git checkout -q HEAD~1
check "deploy/upgrade to a newer version" deploy/upgrade "$newer" --wheels /srv/wheels
check "the newer version runs" sh -c "[ \$(git rev-parse HEAD) = $newer ]"
check "with all data" [ "$(rows)" = "$before" ]
head=$(ls migrations/versions/*.py | sort | tail -n 1); number=$(basename "$head" | cut -d_ -f1)
cat >migrations/versions/9999_broken.py <<END
from alembic import op
revision, down_revision = "9999", "$number"
branch_labels = depends_on = None
def upgrade(): op.execute("SELECT no_such_column FROM nowhere")
def downgrade(): pass
END
git add migrations && git commit -qm "A broken version" && broken=$(git rev-parse HEAD) && git checkout -q HEAD~1
check "an upgrade that fails rolls back by itself" fails deploy/upgrade "$broken" --wheels /srv/wheels
check "to the version before" sh -c "[ \$(git rev-parse HEAD) = $newer ]"
check "with all data" [ "$(rows)" = "$before" ]
serve
check "and answers" answers
echo PASSED
