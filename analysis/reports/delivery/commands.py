"""`flask reports …`: who receives reports, and the run for cron or a systemd timer."""

from __future__ import annotations

import datetime as dt

import click

from analysis.figures.register import UnknownProvince, fetch_province
from analysis.presentation.command_line import as_format, print_json, refuse
from analysis.reports.delivery.queries import delete_subscription, fetch_subscriptions, is_subscribed
from analysis.reports.delivery.run import send_due
from analysis.reports.models import ReportSubscription
from analysis.reports.recipients import UnknownRecipient, find_recipient
from survey.foundation.changes import audit
from survey.foundation.clock import today
from survey.foundation.commands.long_commands import GOES_ON, takes_long
from survey.foundation.mail import is_address
from survey.foundation.periods import Period
from survey.foundation.storage.database import db, writing
from survey.foundation.text.text_commands import TextGroup

group = TextGroup("reports", help="Báo cáo định kỳ: ai nhận, lập và gửi.")


@group.command("subscribe")
@click.option("--province", required=True)
@click.option("--recipient", required=True, help="so-y-te, so-gddt, so-noi-vu hoặc mã cơ quan.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Gửi cả báo cáo có hạn từ ngày này, mặc định hôm nay.")
@click.argument("email")
def subscribe(province: str, recipient: str, since: dt.datetime | None, email: str) -> None:
    """Send the reports of a recipient to an address, from today on or those already due since a day."""
    if not is_address(email):
        refuse(f"{email!r} không phải địa chỉ thư điện tử; viết như phong-nvy@so.tinh.gov.vn.")
    province_id = _checked(province, recipient)
    with writing() as session:
        if not is_subscribed(session, province_id, recipient, email):
            new = ReportSubscription(province_id=province_id, recipient=recipient, email=email, since=_since(since))
            session.add(new)
            after = {"recipient": recipient, "email": email}
            audit.record(session, "subscribe", "subscription", recipient, province_id=province_id, after=after)
    click.echo(f"{email} sẽ nhận báo cáo của {recipient} ({province}).")


@group.command("unsubscribe")
@click.option("--province", required=True)
@click.option("--recipient", required=True)
@click.argument("email")
def unsubscribe(province: str, recipient: str, email: str) -> None:
    """Stop sending."""
    province_id = _checked(province, recipient)
    with writing() as session:
        was_subscribed = delete_subscription(session, province_id, recipient, email)
        if was_subscribed:
            before = {"recipient": recipient, "email": email}
            audit.record(session, "unsubscribe", "subscription", recipient, province_id=province_id, before=before)
    if not was_subscribed:
        refuse(f"{email} không có trong danh sách nhận báo cáo của {recipient}.")
    click.echo(f"{email} không nhận báo cáo của {recipient} nữa.")


@group.command("subscriptions")
@as_format
def subscriptions(format_: str) -> None:
    """Who receives what."""
    rows = fetch_subscriptions(db.session())
    listed = [
        {"recipient": subscription.recipient, "email": subscription.email, "since": subscription.since.isoformat()}
        for subscription in rows
    ]
    if format_ == "json":
        print_json({"subscriptions": listed})
    for row in listed if format_ == "text" else ():
        click.echo(f"{row['recipient']:20} {row['email']} (từ {row['since']})")


@group.command("send-due")
@as_format
@takes_long(GOES_ON)
def send_due_command(format_: str) -> None:
    """Make and mail every report that is due; run it every ten minutes. Exit 1 when something failed."""
    outcome = send_due()
    if format_ == "json":
        print_json(vars(outcome))
    else:
        click.echo(f"Thêm {outcome.planned} báo cáo đến hạn, lập {outcome.made}, gửi {outcome.sent} thư.")
        if outcome.waiting_for_mail:
            click.echo(f"{outcome.waiting_for_mail} thư chờ gửi: chưa đặt SMTP_URL.", err=True)
        for notice in outcome.notices:
            click.echo(notice, err=True)
        for problem in outcome.problems:
            click.echo(f"Không thành công: {problem}", err=True)
    if outcome.problems:
        raise SystemExit(1)


def _since(day: dt.datetime | None) -> dt.date:
    """The first deadline an address is sent the report of: one that is past 45 days is not made up for."""
    return min(day.date(), today()) if day else today()


def _checked(province_key: str, recipient: str) -> int:
    try:
        province = fetch_province(province_key)
        find_recipient(province_key, province.id, province.name, recipient, Period.of_month(today()))
    except (UnknownProvince, UnknownRecipient) as error:
        refuse(str(error))
    return int(province.id)
