"""Signatures: the vector of the reference libraries, and what is no signature."""

import base64
import hmac
import unittest
from unittest import mock

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from takedown_exchange import WebhookRefused, verify_webhook

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"type":"request.filed","timestamp":"2026-11-22T09:30:00.000Z","data":{"position":1,"request":"req_1"}}'


class Webhooks(unittest.TestCase):
    def test_the_vector_of_the_reference_libraries_is_signed_and_no_message(self):
        headers = {
            "Webhook-Id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "webhook-timestamp": "1614265330",
            "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        }
        with self.assertRaisesRegex(WebhookRefused, "signed, and yet no message"):
            verify_webhook(headers, '{"test": 2432232314}', SECRET, now=1614265330)
        with self.assertRaisesRegex(WebhookRefused, "no signature"):
            verify_webhook(headers, '{"test": 2432232315}', SECRET, now=1614265330)

    def test_a_public_key_checks_what_the_private_one_signed(self):
        key = Ed25519PrivateKey.generate()
        public = "whpk_" + base64.b64encode(key.public_key().public_bytes_raw()).decode()
        signature = base64.b64encode(key.sign(b"evt_1.1000." + BODY)).decode()
        headers = {"webhook-id": "evt_1", "webhook-timestamp": "1000", "webhook-signature": f"v1,AAAA v1a,AAAA v1a,{signature}"}
        message = verify_webhook(headers, BODY, [SECRET, public], now=1200)
        self.assertEqual((message.id, message.type, message.request, message.data["position"]), ("evt_1", "request.filed", "req_1", 1))
        # The signature of one kind is not taken for one of the other.
        headers["webhook-signature"] = f"v1,{signature}"
        with self.assertRaises(WebhookRefused):
            verify_webhook(headers, BODY, [SECRET, public], now=1200)

    def test_ten_signatures_are_looked_at_and_each_key_signs_once(self):
        secret = base64.b64decode(SECRET.removeprefix("whsec_"))
        right = "v1," + base64.b64encode(hmac.digest(secret, b"evt_1.1000." + BODY, "sha256")).decode()
        for before, kind in [(9, "let in"), (10, "refused")]:
            headers = {"webhook-id": "evt_1", "webhook-timestamp": "1000", "webhook-signature": " ".join(["v1,AAAA"] * before + [right])}
            with mock.patch("takedown_exchange.webhooks.hmac.new", wraps=hmac.new) as made:
                try:
                    verify_webhook(headers, BODY, [SECRET, SECRET], now=1000)
                    became = "let in"
                except WebhookRefused:
                    became = "refused"
            self.assertEqual((became, made.call_count), (kind, 2))

    def test_keys_that_are_none_are_a_mistake_of_the_program(self):
        headers = {"webhook-id": "evt_1", "webhook-timestamp": "1000", "webhook-signature": "v1,AAAA"}
        for keys in ["secret", "whsec_%%%", "whsec_", "whsec_" + "AAAA" * 7, "whpk_AAAA", []]:
            with self.assertRaises(ValueError):
                verify_webhook(headers, BODY, keys, now=1000)


if __name__ == "__main__":
    unittest.main()
