# Read by the scripts of this folder: what the program itself makes of its settings. Quotes, blanks, comments, signs of
# passwords, secrets of a vault and libpq's own variables mean to a script what they mean to the service.

# told public_url | told database: the database is one of these, or nothing with a message where a setting is wrong:
#   socket PORT NAME | tcp PORT NAME    PostgreSQL on this machine, by its usual socket or by its network
#   sqlite PATH | elsewhere
told() {
    (cd /opt/hai-long && runuser -u hai-long -- env HAI_LONG_ENVIRONMENT=/etc/hai-long/environment \
        .venv/bin/python -c '
import os, sys
from sqlalchemy.engine import make_url
from survey.foundation.configuration.settings import SettingError, Settings, load_environment

try:
    load_environment()
    if not os.environ.get("SECRET_KEY_FILE"):  # systemd may give it to the units alone, and nothing here signs
        os.environ.setdefault("SECRET_KEY", "x" * 16)
    settings = Settings.from_environment()
except SettingError as error:
    sys.exit(str(error))


def place(url):
    if url.get_backend_name() == "sqlite":
        return f"sqlite {url.database}" if (url.database or "").startswith("/") else "elsewhere"
    host, port = (url.query.get(name) for name in ("host", "port"))
    host = url.host or host or os.environ.get("PGHOST") or ""
    port = url.port or port or os.environ.get("PGPORT") or 5432
    socket = host in ("", "/var/run/postgresql", "/run/postgresql")
    if not url.database or not (socket or host in ("localhost", "127.0.0.1", "::1")):
        return "elsewhere"
    return " ".join(("socket" if socket else "tcp", str(port), url.database))


print(settings.public_url if sys.argv[1] == "public_url" else place(make_url(settings.database_url)))
' "$1")
}
