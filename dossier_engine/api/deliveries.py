"""What leaves the house, for administrators: deliveries, webhooks, and the words of mails."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field, StringConstraints

from config.delivery import try_webhook
from dossier_engine.api.call import Doing, Here, Looking
from dossier_engine.api.shapes import (
    Answered,
    Given,
    Instant,
    Labelled,
    Line,
    Number,
    Page,
    Paging,
    Prose,
    answered,
    cursor,
    newest,
)
from dossier_engine.catalogue import Catalogue
from dossier_engine.commands.deliver import resend
from dossier_engine.commands.templates import reset_template, set_template
from dossier_engine.commands.webhooks import add_webhook, remove_webhook
from dossier_engine.letters import Wording
from dossier_engine.queries import deliveries
from dossier_engine.shown import deliveries as shown

router = APIRouter(tags=["deliveries"])

_ADMINISTRATOR = "administrator"
Spoken = Annotated[
    Literal["vi", "en"] | None, Query(description="The language of the words; else that of `Accept-Language`.")
]


class Delivery(Answered):
    """One message to one recipient."""

    delivery: str
    channel: Labelled[str]
    recipient: str
    topic: str
    delivery_status: Labelled[str]
    attempts: int
    created_at: Instant
    available_at: Instant
    settled_at: Instant | None
    error: str | None


class Sent(Paging):
    """Which deliveries: all, or those of one status."""

    status: Literal["waiting", "sending", "sent", "dead", "void"] | None = None


class Resent(Answered):
    """A delivery that waits again."""

    delivery: str


class Webhook(Answered):
    """An address that is told of a territory, and what became of its events."""

    webhook: str
    url: str
    territory: str
    created_at: Instant
    events_sent: int
    to_retry: int
    given_up: int


class NewWebhook(Answered):
    """A webhook with the secret that signs its events, which is shown this once."""

    webhook: str
    url: str
    territory: str
    secret: str


class Address(Given):
    """Where to tell of the dossiers in a locality and below, given by its code."""

    url: Annotated[str, StringConstraints(min_length=1, max_length=2_000)] = Field(
        examples=["https://hooks.example.vn/ntm"]
    )
    territory: Line = Field(examples=["30"])
    reason: Prose | None = None


class Trial(Answered):
    """What the other end said to an event that says nothing."""

    webhook: str
    result: Labelled[str]
    error: str | None


class TemplateLine(Answered):
    """A template; `saved` says whether its words are in the place of those that ship."""

    template: str
    subject: str
    saved: bool


class Template(TemplateLine):
    """A template with its words and the fields they may use."""

    fields: list[str]
    text: str


class Words(Given):
    """A subject and a text, with `$fields`."""

    subject: Line = Field(examples=["Quá hạn $days ngày: $commune"])
    text: Annotated[str, StringConstraints(min_length=1, max_length=4_000)]
    reason: Prose | None = None


@router.get("/deliveries")
def list_deliveries(call: Here, asked: Annotated[Sent, Query()]) -> Page[Delivery]:
    """What was sent to whom and what was not, the newest first."""
    after = newest(asked.cursor)

    def question(looking: Looking) -> Page[Delivery]:
        looking.as_role(_ADMINISTRATOR)
        found = deliveries.deliveries(looking.session, status=asked.status, limit=asked.limit + 1, after=after)
        rows = found[: asked.limit]
        last = rows[-1] if len(found) > asked.limit else None
        return Page(
            items=[Delivery(**answered(shown.delivery(looking.words, row))) for row in rows],
            next_cursor=cursor((last.created_at.isoformat(), str(last.id))) if last else None,
        )

    return call.look(question)


@router.post("/deliveries/{key}/redeliver")
def redeliver(call: Here, key: Number) -> Resent:
    """Let a delivery that was given up be tried once more."""

    def work(doing: Doing) -> Resent:
        doing.as_role(_ADMINISTRATOR, "resend")
        resend(doing.session, key, now=doing.now)
        return Resent(delivery=str(key))

    return call.change(work)


@router.get("/webhooks")
def list_webhooks(call: Here) -> list[Webhook]:
    """The webhooks that are told, the oldest first."""

    def question(looking: Looking) -> list[Webhook]:
        looking.as_role(_ADMINISTRATOR)
        return [Webhook(**answered(shown.webhook(row))) for row in deliveries.webhooks(looking.session)]

    return call.look(question)


@router.post("/webhooks", status_code=201)
def add_one(call: Here, given: Address) -> NewWebhook:
    """Tell an address of a territory. The answer holds the secret that signs its events, which nobody sees again."""

    def work(doing: Doing) -> NewWebhook:
        made, secret = add_webhook(
            doing.session, given.url, given.territory, doing.act, hosts=call.engine.settings.webhook_hosts,
            now=doing.now, rng=doing.rng,
        )  # fmt: skip
        return NewWebhook(webhook=made, url=given.url, territory=given.territory, secret=secret)

    return call.change(work, reason=given.reason)


@router.delete("/webhooks/{webhook}", status_code=204)
def remove_one(call: Here, webhook: str) -> None:
    """Tell it no more; what waits for it will not be sent."""

    def work(doing: Doing) -> None:
        doing.as_role(_ADMINISTRATOR, "webhook_removed")
        remove_webhook(doing.session, webhook, doing.act, now=doing.now, rng=doing.rng)

    call.change(work)


@router.post("/webhooks/{webhook}/test")
def try_one(call: Here, webhook: str) -> Trial:
    """Send it an event that says nothing, and tell what the other end said."""

    def question(looking: Looking) -> Catalogue:
        looking.as_role(_ADMINISTRATOR)
        return looking.words

    words = call.look(question, needs="write")
    verdict = try_webhook(call.engine, webhook)
    told = {"key": verdict.word, "label": words.say(f"verdict.{verdict.word}")}
    return Trial(webhook=webhook, result=Labelled[str](**told), error=verdict.error)


@router.get("/templates")
def list_templates(call: Here, lang: Spoken = None) -> list[TemplateLine]:
    """The templates of mails in force, the frame first."""

    def question(looking: Looking) -> list[TemplateLine]:
        looking.as_role(_ADMINISTRATOR)
        found = deliveries.templates(looking.session, lang or looking.words.language)
        return [TemplateLine(**answered(shown.template(one))) for one in found]

    return call.look(question)


@router.get("/templates/{name}")
def show_template(call: Here, name: str, lang: Spoken = None) -> Template:
    """One template with its words."""

    def question(looking: Looking) -> Template:
        looking.as_role(_ADMINISTRATOR)
        found = deliveries.named(looking.session, name, lang or looking.words.language)
        return Template(**answered(shown.wording(found)))

    return call.look(question)


@router.put("/templates/{name}")
def put_template(call: Here, name: str, given: Words, lang: Spoken = None) -> Template:
    """Write mails of that kind in these words from now on."""

    def work(doing: Doing) -> Template:
        doing.as_role(_ADMINISTRATOR, "template_set")
        language = lang or doing.words.language
        wording = Wording(given.subject, given.text)
        set_template(doing.session, name, language, wording, doing.act, now=doing.now, rng=doing.rng)
        return Template(**answered(shown.wording(deliveries.named(doing.session, name, language))))

    return call.change(work, reason=given.reason)


@router.delete("/templates/{name}", status_code=204)
def delete_template(call: Here, name: str, lang: Spoken = None) -> None:
    """Go back to the words that ship."""

    def work(doing: Doing) -> None:
        doing.as_role(_ADMINISTRATOR, "template_reset")
        language = lang or doing.words.language
        reset_template(doing.session, name, language, doing.act, now=doing.now, rng=doing.rng)

    call.change(work)
