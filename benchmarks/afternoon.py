"""A province in an afternoon: from an empty database to a published month, a backup and its restoring elsewhere.

    python -m benchmarks.afternoon [FOLDER]

Makes files as offices make them (312 agencies, 430 services, 414 counters, 59,000 lines of caseloads), then does what
docs/operations.vi.md and docs/imports.md say, with the program of this folder on SQLite. `benchmarks/bare_debian.sh
FOLDER afternoon` plays the same on a bare Debian, installed by deploy/install. Prints each step with its seconds.
"""

from __future__ import annotations

import csv
import http.cookiejar
import json
import os
import random
import re
import resource
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from survey.foundation.clock import month_of, today
from survey.foundation.configuration.settings import ROOT
from survey.foundation.periods import shift_month

PROVINCE, AGENCIES, SERVICES, COUNTERS = "son-la", 312, 430, 414
CASELOADS, ACCOUNTS, RATINGS = 59_000, 300, 3_000
MONTHS = [shift_month(month_of(today()), -back) for back in range(10, 0, -1)]
SECTORS = ("administration", "health", "education")
UNITS = {"administration": "hồ sơ", "health": "lượt khám", "education": "học sinh"}
WORKING = 'id="work-progress"'  # what a page shows behind which a process works
OWN_PASSWORD = "một câu dài dễ nhớ của tôi"
# What each step is called, and the words of the documents that name it.
STEPS = {
    "the tables": "db upgrade",
    "the first administrator": "staff first-administrator",
    "the service": "gunicorn",
    "signing in, a password of one's own": "/login",
    "agencies at the desk": "Nhập từ tệp",
    "services at the desk": "Nhập từ tệp",
    "counters at the desk": "Nhập từ tệp",
    "caseloads at the desk": "Nhập từ tệp",
    "accounts by file": "survey import --kind",
    "posters of every counter": "survey posters",
    "a kiosk is paired and sends an answer": "kiosk pair",
    "a citizen rates at a counter": "/c/",
    "paper forms of the month by file": "survey import --kind",
    "the month is closed": "analysis close",
    "the month's document, to be signed": "analysis report",
    "every figure of it is verified": "analysis verify",
    "the month is published": "analysis publish",
    "a backup": "survey backup",
    "it is restored elsewhere": "survey restore",
}


def main() -> None:
    """Play it, and say how long each step took."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp(prefix="afternoon-"))
    folder.mkdir(parents=True, exist_ok=True)
    make_files(folder)
    afternoon = Afternoon(folder)
    begun = time.monotonic()
    with afternoon.served():
        for number, (step, do) in enumerate(zip(STEPS, afternoon.steps(), strict=True), start=1):
            started = time.monotonic()
            said = do().replace(f"{folder}/", "")
            print(f"{number:2} {time.monotonic() - started:6.1f} s  {step}: {said}", flush=True)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor, minutes = (used.ru_utime + used.ru_stime) / 60, (time.monotonic() - begun) / 60
    print(f"{len(STEPS)} steps, {minutes:.1f} minutes, of them {processor:.1f} of a processor")


class Afternoon:
    """The steps, on a database, a port and files of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        self.environment = self.of("hai-long.sqlite3")
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.browser = urllib.request.build_opener(cookies)
        self.tablet = urllib.request.build_opener()
        self.server: subprocess.Popen[bytes] | None = None
        self.month = MONTHS[-1]

    def of(self, database: str) -> dict[str, str]:
        """The settings of a service on a database of the folder."""
        own = {
            "DATABASE_URL": f"sqlite:///{self.folder / database}",
            "SECRET_KEY": "an afternoon of no worth",
        }
        return {**os.environ, **own, "HAI_LONG_ENVIRONMENT": "", "PUBLIC_URL": self.base, "PORT": str(self.port)}

    @contextmanager
    def served(self) -> Iterator[None]:
        """The service ends with the afternoon."""
        try:
            yield
        finally:
            if self.server is not None:
                self.server.terminate()
                self.server.wait()

    def steps(self) -> list[Callable[[], str]]:
        """What is done, in the order of STEPS."""
        kinds = (("agencies", "xlsx"), ("services", "xlsx"), ("counters", "csv"), ("caseloads", "csv"))
        return [
            lambda: self.command("db", "upgrade") or "made",
            self.first_administrator,
            self.serve,
            self.sign_in,
            *(lambda kind=kind, ending=ending: self.take_in(kind, ending) for kind, ending in kinds),
            self.accounts,
            lambda: self.command("survey", "posters", "--province", PROVINCE, "--out", self.file("posters.pdf")),
            self.kiosk,
            self.rate,
            lambda: self.command("survey", "import", "--kind", "responses", self.file("responses.csv")),
            lambda: self.command("analysis", "close", *self.closed()),
            lambda: self.command(
                "analysis", "report", *self.closed(), "--recipient", "so-noi-vu", "--out", self.file("reports")
            ),
            lambda: self.command("analysis", "verify", *map(str, (self.folder / "reports").glob("*.pdf"))),
            self.publish,
            lambda: self.command("survey", "backup", self.file("backup.zip")),
            self.restore,
        ]

    def file(self, name: str) -> str:
        """A path in the folder."""
        return str(self.folder / name)

    def closed(self) -> tuple[str, ...]:
        """The month that is closed, as commands are told."""
        return ("--province", PROVINCE, "--period", self.month)

    def command(self, *arguments: str, database: str = "hai-long.sqlite3") -> str:
        """Run a command of the program; the last line that it says."""
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
        environment = self.of(database)
        # What it says of its progress goes to whoever waits.
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            sys.exit(f"{' '.join(arguments)}: exit {done.returncode}\n{done.stdout}")
        lines = [line for line in done.stdout.splitlines() if not line.startswith("Hoàn tác")]
        return lines[-1] if lines else ""

    def first_administrator(self) -> str:
        """The account and the password that is told once."""
        said = self.command("staff", "first-administrator", "--province", PROVINCE)
        self.password = said.split()[-1]
        return "made"

    def serve(self) -> str:
        """As systemd does."""
        command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "wsgi:app"]
        with (self.folder / "gunicorn.log").open("wb") as log:
            self.server = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        while True:
            try:
                with urllib.request.urlopen(f"{self.base}/readyz") as answer:
                    return f"answers {answer.status}"
            except OSError:
                time.sleep(0.2)

    def sign_in(self) -> str:
        """With the first password; it must be changed at once."""
        page = self.send("/login", username="quan-tri", password=self.password)
        assert 'name="again"' in page, "the first password is not asked to be changed"
        self.send("/desk/account/password", current=self.password, new=OWN_PASSWORD, again=OWN_PASSWORD)
        return "done"

    def take_in(self, kind: str, ending: str) -> str:
        """Upload, wait where the file is long, look at the preview, confirm."""
        path = self.folder / f"{kind}.{ending}"
        page = self.send("/desk/imports", kind=kind, file=path)
        address = self.waited(page)
        preview = self.read(address)
        assert "Chưa ghi gì" in preview, _words(preview)
        done = self.waited(self.send(address))
        shown = self.read(done)
        told = re.search(r"đã nhập: [^<]*", self.last + shown)
        assert told, _words(shown)
        return told[0]

    def waited(self, page: str) -> str:
        """The address of a page, once no process works behind it any more."""
        address = self.address
        self.last = page
        while WORKING in page:
            time.sleep(1)
            page = self.last = self.read(address)
        return self.address

    def accounts(self) -> str:
        """First passwords are told once, and not repeated here."""
        self.command("survey", "import", "--kind", "accounts", self.file("accounts.csv"))
        return f"{ACCOUNTS} made"

    def kiosk(self) -> str:
        """A tablet gets a code, pairs with it and sends one answer."""
        code = json.loads(self.command("kiosk", "pair", "Q001", "--format", "json"))["code"]
        paired = self.post("/kiosk/api/pair", {"code": code})
        answer = {
            "id": str(uuid.uuid4()),
            "questionnaire": "administration",
            "version": 1,
            "counter": "Q001",
            "service": None,
            "respondent_kind": None,
            "language": "vi",
            "answered_at": time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime()),
            "answers": {"overall_service": 5},
            "comment": None,
        }
        stored = self.post("/kiosk/api/responses", {"responses": [answer]}, paired["key"])
        return str(stored["results"][0]["status"])

    def rate(self) -> str:
        """A phone opens the counter's address and sends the form."""
        thanks = self.send("/c/Q002", overall_service="4", comment="Cán bộ hướng dẫn rõ")
        assert "ảm ơn" in thanks, _words(thanks)
        return "thanked"

    def publish(self) -> str:
        """The command, and what a visitor sees."""
        said = self.command("analysis", "publish", *self.closed())
        assert self.month[5:] in self.read(f"/results/{PROVINCE}/{self.month}")
        return said

    def restore(self) -> str:
        """Into a new database, as on another machine; the document's figures are verified there."""
        said = self.command("survey", "restore", self.file("backup.zip"), database="elsewhere.sqlite3")
        document = next((self.folder / "reports").glob("*.pdf"))
        return f"{said} {self.command('analysis', 'verify', str(document), database='elsewhere.sqlite3')}"

    def read(self, address: str) -> str:
        """The page of an address."""
        with self.browser.open(urllib.parse.urljoin(self.base, address)) as answer:
            self.address: str = answer.url
            return str(answer.read().decode())

    def send(self, address: str, **fields: str | Path) -> str:
        """Send the form of a page with its hidden fields, files among them; the page that comes."""
        page = self.read(address)
        hidden = dict(re.findall(r'<input[^>]*name="(csrf_token|token|held)"[^>]*value="([^"]*)"', page))
        boundary = uuid.uuid4().hex
        body = b"".join(_part(boundary, name, value) for name, value in {**hidden, **fields}.items())
        content_type = f"multipart/form-data; boundary={boundary}"
        where = urllib.parse.urljoin(self.base, address)
        headers = {"Content-Type": content_type, "Referer": where}
        request = urllib.request.Request(where, body + f"--{boundary}--\r\n".encode(), headers)
        with self.browser.open(request) as answer:
            self.address = answer.url
            return str(answer.read().decode())

    def post(self, address: str, content: object, key: str = "") -> dict[str, list[dict[str, str]] | str]:
        """Send JSON, as a tablet does."""
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
        request = urllib.request.Request(self.base + address, json.dumps(content).encode(), headers)
        with self.tablet.open(request) as answer:
            told: dict[str, list[dict[str, str]] | str] = json.load(answer)
            return told


def _part(boundary: str, name: str, value: str | Path) -> bytes:
    file = f'; filename="{value.name}"' if isinstance(value, Path) else ""
    content = value.read_bytes() if isinstance(value, Path) else value.encode()
    return f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + content + b"\r\n"


def _words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))[:600]


def make_files(folder: Path) -> None:
    """Files of an invented province, with titles, words for headings and closed values, totals and signatures."""
    draw = random.Random(20)
    sectors = [SECTORS[0]] * 300 + [SECTORS[1]] * 70 + [SECTORS[2]] * 60
    services = [(f"TT{n:03}", f"Thủ tục số {n}", sector, "Lĩnh vực chung") for n, sector in enumerate(sectors, 1)]
    header = ["Mã cơ quan", "Tên cơ quan", "Loại", "Cấp", "Địa bàn", "Tỉnh", "Ngày thành lập"]
    level = ["Hành chính", "Xã", "Nông thôn", "Sơn La", "01/07/2025"]
    agencies = [[f"{n:06}", f"Ủy ban nhân dân xã số {n}", *level] for n in range(1, AGENCIES + 1)]
    _book(folder / "agencies.xlsx", [["UBND TỈNH SƠN LA"], ["DANH SÁCH CƠ QUAN"], [], header, *agencies])
    signed = [["", "NGƯỜI LẬP BIỂU", "", "GIÁM ĐỐC"], ["", "Lê Văn A", "", "Vi Thị B"]]
    titles = [["DANH MỤC THỦ TỤC"], ["Mã dịch vụ", "Tên dịch vụ", "Ngành", "Lĩnh vực"]]
    _book(folder / "services.xlsx", [*titles, *map(list, services), *signed])
    counters = [
        [f"Q{n:03}", f"{(n - 1) % AGENCIES + 1:06}", f"Quầy số {(n - 1) // AGENCIES + 1}"]
        for n in range(1, COUNTERS + 1)
    ]
    _text(folder / "counters.csv", [["Mã quầy", "Mã cơ quan", "Tên quầy"], *counters])
    caseloads = [
        [
            agency[0],
            code,
            f"T{int(month[5:])}/{month[:4]}",
            UNITS[sector],
            f"{draw.randrange(1, 2500):,}".replace(",", "."),
        ]
        for agency in agencies
        for code, _name, sector, _field in draw.sample(services, 19)
        for month in MONTHS
    ][:CASELOADS]
    columns = ["Mã cơ quan", "Mã dịch vụ", "Kỳ báo cáo", "Đơn vị tính", "Số hồ sơ"]
    _text(folder / "caseloads.csv", [columns, *caseloads])
    people = [[f"can-bo-{n}", f"Cán bộ {n}", PROVINCE, f"{n:06}"] for n in range(1, ACCOUNTS + 1)]
    _text(folder / "accounts.csv", [["Tên đăng nhập", "Họ tên", "Tỉnh", "Mã cơ quan"], *people])
    ratings = [
        [
            str(uuid.UUID(int=draw.getrandbits(128), version=4)),
            f"Q{draw.randrange(1, COUNTERS + 1):03}",
            f"{MONTHS[-1]}-{draw.randrange(1, 29):02}",
            *("paper", "administration", 1, draw.choice((2, 3, 4, 4, 5, 5))),
        ]
        for _ in range(RATINGS)
    ]
    columns = ["id", "counter", "answered_at", "channel", "questionnaire", "version", "overall_service"]
    _text(folder / "responses.csv", [columns, *ratings])


def _book(path: Path, lines: list[list[str]]) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("Danh mục")
        for place, cells in enumerate(lines):
            sheet.write_row(place, 0, cells)


def _text(path: Path, lines: list[list[object]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows(lines)


if __name__ == "__main__":
    main()
