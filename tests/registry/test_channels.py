"""Urgent notices leave the inbox once for each channel, through a real mail server and a real web gateway."""

import hashlib
import hmac
import time

import pytest
from django.db import connection, models, transaction

from config.env import BadEnvironment, read
from kit import clock, outbox, relay, worker
from kit.models import OutboxJob
from registry.channels.webhook import Webhook
from registry.models import Notice, NoticeDelivery
from registry.services import deliver
from registry.services.notices import notify
from tests.factories.registry import DISTRICT, AccountFactory
from tests.gateways import mail_server, web_gateway
from tests.kit.together import together

PHONE = "13912345678"
SENT, WAITING, REFUSED = "sent", "waiting", "refused"


def sms(gateway):
    return f"http://:geheim@127.0.0.1:{gateway.port}/notices?town=1"


def mail(mailbox):
    return f"smtp://127.0.0.1:{mailbox.port}?tls=0&from=food@town.example&to={{phone}}@sms.example"


def tell(*people, kind="case_opened", key="a"):
    data = {"product": "豇豆 & 辣椒", "item": "克百威", "due_at": "2026-11-22T09:30:00+08:00"}
    notify(people, district_id=DISTRICT, kind=kind, once_key=key, data=data, url="/desk/cases/1")


@pytest.fixture
def person(db):
    return AccountFactory(phone=PHONE)


@pytest.mark.django_db
class TestDelivering:
    def test_the_web_gateway_gets_a_signed_message_in_the_persons_language(self, person, settings):
        with web_gateway() as gateway:
            settings.NOTICE_CHANNELS = {"sms": sms(gateway)}
            tell(person)
            worker.drain()
        (post,) = gateway.posts
        assert post.json["to"] == PHONE
        assert "豇豆 & 辣椒" in post.json["title"], "plain text, not HTML"
        assert post.json["url"] == "http://testserver/desk/cases/1"
        lines = [
            "SUN-NOTICE-1",
            post.headers["Notice-Timestamp"],
            post.json["id"],
            hashlib.sha256(post.body).hexdigest(),
        ]
        signed = hmac.new(b"geheim", "\n".join(lines).encode(), hashlib.sha256).hexdigest()
        assert post.headers["Notice-Signature"] == signed
        assert NoticeDelivery.objects.get().state == SENT

    def test_the_mail_server_gets_a_letter_to_the_phone(self, person, settings):
        with mail_server() as mailbox:
            settings.NOTICE_CHANNELS = {"mail": mail(mailbox)}
            tell(person)
            worker.drain()
        (letter,) = mailbox.letters
        assert mailbox.recipients == [f"{PHONE}@sms.example"]
        assert "豇豆 & 辣椒" in letter["Subject"]
        assert "http://testserver/desk/cases/1" in letter.get_content()
        assert str(NoticeDelivery.objects.get().pk) in letter["Message-ID"]

    def test_each_channel_gets_each_notice_once_however_often_it_is_told_and_its_jobs_run(self, person, settings):
        with web_gateway() as gateway, mail_server() as mailbox:
            settings.NOTICE_CHANNELS = {"sms": sms(gateway), "mail": mail(mailbox)}
            other = AccountFactory(phone="13700000001")
            for _ in range(3):
                tell(person, other)
                worker.drain()
            for delivery in NoticeDelivery.objects.all():
                deliver.deliver(district_id=DISTRICT, delivery_id=delivery.pk)
        told = [post.json["to"] for post in gateway.posts]
        assert told.count(PHONE) == 1
        assert len({post.json["id"] for post in gateway.posts}) == len(gateway.posts) == len(mailbox.letters) == 2

    def test_one_gateway_down_does_not_keep_the_other_from_being_told(self, person, settings):
        with mail_server() as mailbox:
            settings.NOTICE_CHANNELS = {"sms": "http://:x@127.0.0.1:9/", "mail": mail(mailbox)}
            tell(person)
            worker.drain()
        assert len(mailbox.letters) == 1
        assert dict(NoticeDelivery.objects.values_list("channel", "state")) == {"sms": WAITING, "mail": SENT}

    @pytest.mark.parametrize("answer", [500, 503, 429, 302])
    def test_what_a_gateway_cannot_take_now_is_tried_again_later_with_the_same_id(self, person, settings, answer):
        with web_gateway(answer, 204) as gateway:
            settings.NOTICE_CHANNELS = {"sms": sms(gateway)}
            tell(person)
            worker.drain()
            assert NoticeDelivery.objects.get().state == WAITING
            with clock.freeze(clock.now() + worker.FIRST_RETRY * 2):
                worker.drain()
        assert NoticeDelivery.objects.get().state == SENT
        assert len({post.json["id"] for post in gateway.posts}) == 1
        assert len(gateway.posts) == 2

    def test_a_mail_server_that_asks_for_patience_is_tried_again(self, person, settings):
        with mail_server("451 later", "250 OK") as mailbox:
            settings.NOTICE_CHANNELS = {"mail": mail(mailbox)}
            tell(person)
            worker.drain()
            assert NoticeDelivery.objects.get().state == WAITING
            with clock.freeze(clock.now() + worker.FIRST_RETRY * 2):
                worker.drain()
        assert len(mailbox.letters) == 1

    def test_a_gateway_that_refuses_for_good_is_not_asked_again(self, person, settings):
        with web_gateway(422) as gateway, mail_server("550 no such number") as mailbox:
            settings.NOTICE_CHANNELS = {"sms": sms(gateway), "mail": mail(mailbox)}
            tell(person)
            worker.drain()
        found = dict(NoticeDelivery.objects.values_list("channel", "reason"))
        assert set(NoticeDelivery.objects.values_list("state", flat=True)) == {REFUSED}
        assert found["sms"] == "HTTP 422"
        assert "550" in found["mail"]
        assert not OutboxJob.objects.filter(state=WAITING).exists()

    def test_after_the_last_attempt_the_job_is_dead_and_can_be_tried_anew(self, person, settings):
        settings.NOTICE_CHANNELS = {"sms": "http://:x@127.0.0.1:9/"}
        tell(person)
        moment = clock.now()
        for _ in range(relay.MAX_ATTEMPTS):
            with clock.freeze(moment):
                worker.drain()
            moment += worker.FIRST_RETRY * 2**relay.MAX_ATTEMPTS
        dead = OutboxJob.objects.get(name="registry.deliver_notice")
        assert dead.state == "dead"
        with web_gateway() as gateway:
            settings.NOTICE_CHANNELS = {"sms": sms(gateway)}
            outbox.again(dead.id)
            worker.drain()
        assert len(gateway.posts) == 1

    def test_somebody_without_a_phone_is_told_in_the_inbox_only(self, settings):
        settings.NOTICE_CHANNELS = {"sms": "http://:x@127.0.0.1:9/"}
        tell(AccountFactory())
        worker.drain()
        assert NoticeDelivery.objects.get().reason == "no_phone"
        assert Notice.objects.count() == 1

    def test_a_channel_taken_out_of_the_settings_ends_what_waited_for_it(self, person, settings):
        settings.NOTICE_CHANNELS = {"sms": "http://:x@127.0.0.1:9/"}
        tell(person)
        worker.drain()
        settings.NOTICE_CHANNELS = {}
        deliver.deliver(district_id=DISTRICT, delivery_id=NoticeDelivery.objects.get().pk)
        assert NoticeDelivery.objects.get().reason == "no_channel"

    @pytest.mark.parametrize("kind", ["declaration_admitted", "role_given", "goods_released"])
    def test_what_can_wait_stays_in_the_inbox(self, person, settings, kind):
        settings.NOTICE_CHANNELS = {"sms": "http://:x@127.0.0.1:9/"}
        tell(person, kind=kind)
        assert not OutboxJob.objects.exists()

    @pytest.mark.parametrize("kind", ["goods_held", "case_overdue", "recall_opened"])
    def test_what_cannot_wait_goes_out(self, person, settings, kind):
        settings.NOTICE_CHANNELS = {"sms": "http://:x@127.0.0.1:9/"}
        tell(person, kind=kind)
        assert OutboxJob.objects.get().name == "registry.spread_notice"

    def test_without_channels_nothing_is_queued(self, person, settings):
        settings.NOTICE_CHANNELS = {}
        tell(person)
        assert not OutboxJob.objects.exists()


@pytest.mark.django_db(transaction=True)
class TestTogether:
    def sent_by_many(self, settings, gateway):
        settings.NOTICE_CHANNELS = {"sms": sms(gateway)}
        tell(AccountFactory(phone=PHONE))
        deliver.spread(district_id=DISTRICT, once_key="a")
        delivery = NoticeDelivery.objects.get()
        together(*[lambda: deliver.deliver(district_id=DISTRICT, delivery_id=delivery.pk)] * 4)
        return len(gateway.posts)

    def test_four_workers_with_one_delivery_send_it_once(self, settings):
        with web_gateway() as gateway:
            assert self.sent_by_many(settings, gateway) == 1

    def test_control_without_the_row_lock_it_goes_out_more_than_once(self, settings, monkeypatch):
        monkeypatch.setattr(models.QuerySet, "select_for_update", lambda rows, **how: rows)
        post = Webhook.send
        monkeypatch.setattr(Webhook, "send", lambda self, message: (time.sleep(0.1), post(self, message)))
        with web_gateway() as gateway:
            assert self.sent_by_many(settings, gateway) > 1

    def test_with_the_broker_down_the_notice_waits_in_the_outbox_and_goes_out_later(self, settings, monkeypatch):
        monkeypatch.setattr(relay, "publish", lambda job_id: False)
        with web_gateway() as gateway:
            settings.NOTICE_CHANNELS = {"sms": sms(gateway)}
            tell(AccountFactory(phone=PHONE))
            assert Notice.objects.count() == 1
            assert gateway.posts == []
            worker.drain()
            assert len(gateway.posts) == 1

    def test_a_step_that_is_undone_tells_nobody(self, settings):
        settings.NOTICE_CHANNELS = {"sms": "http://:x@127.0.0.1:9/"}
        with transaction.atomic():
            tell(AccountFactory(phone=PHONE))
            transaction.set_rollback(True)
        assert connection.in_atomic_block is False
        assert not OutboxJob.objects.exists()


class TestTheSetting:
    BASE = {"DATABASE_URL": "postgres://a@b/food", "BROKER_URL": "redis://b", "VAR": "/nonexistent"}

    def test_each_channel_has_a_name_and_an_address(self):
        text = "sms=https://:s@gw.example/n,mail=smtp://u:p@mail.example:587?from=a@b.example&to={phone}@sms.example"
        assert list(read({**self.BASE, "NOTICE_CHANNELS": text}).notice_channels) == ["sms", "mail"]

    @pytest.mark.parametrize(
        "text",
        ["https://gw.example", "sms=ftp://gw.example", "sms=https://gw.example/no-secret", "sms=https://:s@a,sms=https://:s@b",
         "mail=smtp://mail.example?from=a@b&to=nobody", "mail=smtp://mail.example?to={phone}@b", "sms=https://:s@[::1"],
    )  # fmt: skip
    def test_a_mistake_stops_the_start_and_is_named(self, text):
        with pytest.raises(BadEnvironment, match="NOTICE_CHANNELS"):
            read({**self.BASE, "NOTICE_CHANNELS": text})

    @pytest.mark.parametrize(
        "text", ["sms=http://:s@gw.example", "mail=smtp://m.example?tls=0&from=a@b.example&to={phone}@c.example"]
    )
    def test_production_sends_nothing_in_the_clear(self, text):
        with pytest.raises(BadEnvironment, match="NOTICE_CHANNELS must be encrypted"):
            read({**self.BASE, "APP_ENV": "production", "NOTICE_CHANNELS": text})
