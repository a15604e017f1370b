"""What the hot path is measured against: hello world of the same Flask, and a visit the plain way.

gunicorn --config deploy/gunicorn.conf.py benchmarks.yardsticks:hello
gunicorn --config deploy/gunicorn.conf.py "benchmarks.yardsticks:plain()"
"""

from __future__ import annotations

from typing import Any

from flask import Flask, redirect, request
from sqlalchemy import select

hello = Flask("hello")


@hello.get("/hello")
def say_hello() -> str:
    return "Hello, world"


def plain() -> Flask:
    """Our application with /plain/<counter> beside it: the form rendered anew, the answer stored by the ORM."""
    from survey.accounts.current_user import csrf
    from survey.channels.web import pages
    from survey.channels.web.counters import find_counter
    from survey.foundation.access import public
    from survey.foundation.caching.register import Register
    from wsgi import create_app

    app = create_app()

    @app.route("/plain/<counter>", methods=["GET", "POST"])
    @public("a yardstick")
    def visit(counter: str) -> Any:
        found_counter: Any = find_counter(Register(0), counter)
        if request.method == "POST":
            store(found_counter, request.form)
            return redirect(f"/plain/{counter}/thanks", 303)
        form: Any = pages.form_for(found_counter, found_counter.questionnaire)
        return pages.answered_form(found_counter, form(), "a-plain-token")

    @app.get("/plain/<counter>/thanks")
    @public("a yardstick")
    def thanks(counter: str) -> str:
        found_counter: Any = find_counter(Register(0), counter)
        return pages.thanks(found_counter.code, found_counter.agency, again=False)

    csrf.exempt(visit)
    return app


def store(found_counter: Any, fields: Any) -> None:
    """Rows, ratings and counts through the ORM, as a textbook has it."""
    from survey.channels.web import pages
    from survey.foundation.clock import month_of, now, today
    from survey.foundation.identifiers import content_hash, new_id
    from survey.foundation.storage.database import writing
    from survey.questionnaires.models import QuestionnaireVersion
    from survey.registry.models import Agency, Counter, Service
    from survey.responses.models import Rating, Response, Tally

    made: Any = pages.form_for(found_counter, found_counter.questionnaire)
    form = made(fields)
    assert form.validate()
    with writing() as session:
        counter: Any = session.scalar(select(Counter).where(Counter.code == found_counter.code))
        agency: Any = session.get(Agency, counter.agency_id)
        service: Any = session.scalar(select(Service).where(Service.code == form["service"].data))
        version: Any = session.scalar(
            select(QuestionnaireVersion).filter_by(
                questionnaire_key=found_counter.questionnaire.key, version=found_counter.questionnaire.version
            )
        )
        at, answers = now(), form.answers()
        shared = {
            "province_id": agency.province_id, "agency_id": agency.id, "counter_id": counter.id,
            "service_id": service.id, "respondent_kind": "individual", "channel": "qr", "language": "vi",
            "day": today(), "month": month_of(today()), "received_at": at,
        }  # fmt: skip
        response = Response(
            id=new_id(), content_hash=content_hash(answers), sector=service.sector, answered_at=at, answers=answers,
            questionnaire_version_id=version.id, **shared,
        )  # fmt: skip
        session.add(response)
        session.flush()
        for item in form.definition.overall_items:
            session.add(Rating(response_id=response.id, subject=item.subject, value=answers[item.code], **shared))
        for item, value in sorted(answers.items()):
            key = (agency.province_id, response.month, agency.id, service.id, item, value)
            tally = session.get(Tally, key, with_for_update=True)
            if tally is None:
                names = ("province_id", "month", "agency_id", "service_id", "item", "value")
                session.add(Tally(**dict(zip(names, key, strict=True)), count=1))
            else:
                tally.count += 1
