"""No address inside the network is called, whatever a name means now or later."""

from __future__ import annotations

import socket
import threading
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from rmaproject.shared.errors import RuleViolation
from rmaproject.webhooks import addresses, calling
from rmaproject.webhooks.addresses import ForbiddenAddress, require_outside, require_url
from rmaproject.webhooks.calling import KEPT_BODY, call
from rmaproject.webhooks.signing import make_secret, signed

INSIDE = """127.0.0.1 127.8.8.8 0.0.0.0 10.0.0.1 172.16.0.1 172.31.255.254 192.168.1.1 100.64.0.1
    100.100.100.200 169.254.169.254 168.63.129.16 192.0.0.192 192.0.2.1 198.18.0.1 203.0.113.9
    224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 ::1 :: fe80::1 fc00::1 fd00:ec2::254 fec0::1
    ff02::1 2001:db8::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::127.0.0.1
    64:ff9b::a00:1 2002:7f00:1:: 2002:a00:1::""".split()
OUTSIDE = "93.184.216.34 8.8.8.8 172.32.0.1 2606:2800:220:1::1 ::ffff:8.8.8.8".split()

#: Half of these are no addresses by the letter; the resolver takes them for this machine.
DISGUISED = ["2130706433", "0x7f000001", "127.1", "0177.0.0.1", "localhost"]


@pytest.mark.parametrize("text", INSIDE)
def test_an_address_inside_a_network_is_not_called(text):
    with pytest.raises(ForbiddenAddress, match="is not an address on the internet"):
        require_outside(ip_address(text))


@pytest.mark.parametrize("text", OUTSIDE)
def test_an_address_on_the_internet_may_be_called(text):
    require_outside(ip_address(text))


def test_a_network_of_ones_own_may_be_allowed_and_only_that(settings):
    settings.WEBHOOK_ALLOW = ["10.1.2.0/24"]

    require_outside(ip_address("10.1.2.3"))

    with pytest.raises(ForbiddenAddress):
        require_outside(ip_address("10.1.3.3"))


@pytest.mark.parametrize("host", [*DISGUISED, "[::1]", "[::ffff:127.0.0.1]"])
def test_no_disguise_of_this_machine_is_called(host):
    with socket.create_server(("127.0.0.1", 0)) as there:
        there.settimeout(0.2)

        answer = call(f"http://{host}:{there.getsockname()[1]}/", b"{}", {})

        with pytest.raises(TimeoutError):
            there.accept()
    assert answer.status is None
    assert "is not an address on the internet" in answer.error


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "//example.com/",
        "https://",
        "https://user:word@example.com/",
        "https://example.com/#part",
        "https://example.com:25/",
        "https://example.com:99999/",
        "https://10.0.0.1/",
        "http://[::1]/",
        "https://exämple.com/",
        "https://example.com/\x00",
        "https://exam ple/",
        "nonsense",
    ],
)
def test_an_address_that_can_be_none_is_refused_before_it_is_kept(url):
    with pytest.raises(RuleViolation) as refusal:
        require_url(url)

    assert refusal.value.code == "invalid_url"


def test_without_encryption_nothing_is_sent_in_production(settings):
    settings.WEBHOOK_PLAIN_HTTP = False

    with pytest.raises(RuleViolation, match="Only https"):
        require_url("http://example.com/")

    require_url("https://example.com/hook?key=1")


def test_a_name_that_means_something_else_next_time_is_looked_up_once_and_called_there(
    monkeypatch,
):
    meanings = [["93.184.216.34"], ["127.0.0.1"]]
    connected: list[Any] = []

    def resolve(host: str, port: int) -> list[Any]:
        return [(None, None, 0, "", (text, port)) for text in meanings.pop(0)]

    def connect(address: tuple[str, int], *args: Any, **options: Any) -> socket.socket:
        connected.append(address)
        raise ConnectionRefusedError("as far as the test goes")

    monkeypatch.setattr(addresses, "resolve", resolve)
    monkeypatch.setattr(calling, "create_connection", connect)

    first, second = (call("http://rebinding.example/", b"{}", {}) for _ in range(2))

    assert connected == [("93.184.216.34", 80)]
    assert "as far as the test goes" in first.error
    assert second.error == "127.0.0.1 is not an address on the internet."


def test_a_name_with_one_address_inside_is_not_called_at_all(monkeypatch):
    found = [(None, None, 0, "", (text, 443)) for text in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(addresses, "resolve", lambda host, port: found)

    answer = call("https://two.example/", b"{}", {})

    assert answer.error == "10.0.0.1 is not an address on the internet."


def test_a_redirect_is_not_followed_and_counts_as_a_failure(receiver):
    receiver.answers = [(307, {"Location": receiver.url}), (302, {"Location": "http://10.0.0.1/"})]

    answers = [call(receiver.url, b"{}", {}) for _ in range(2)]

    assert [answer.status for answer in answers] == [307, 302]
    assert not any(answer.arrived for answer in answers)
    assert len(receiver.got) == 2


def test_no_proxy_of_the_environment_hears_of_it(receiver, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    assert call(receiver.url, b"{}", {}).status == 204


def answering(*pieces: bytes, every: float = 0.0) -> str:
    """The address of something that sends these pieces to whoever calls, one after a while."""
    server = socket.create_server(("127.0.0.1", 0))

    def work() -> None:
        with server, server.accept()[0] as peer:
            peer.recv(4096)
            try:
                for piece in pieces:
                    peer.sendall(piece)
                    threading.Event().wait(every)
            except OSError:
                return

    threading.Thread(target=work, daemon=True).start()
    return f"http://127.0.0.1:{server.getsockname()[1]}/"


def test_of_an_endless_answer_only_the_beginning_is_read(local):
    url = answering(b"HTTP/1.1 500 Oh\r\n\r\n", *[b"x" * 1000] * 100)

    answer = call(url, b"{}", {})

    assert (answer.status, len(answer.body)) == (500, KEPT_BODY)


@pytest.mark.parametrize(
    ("start", "status", "error"),
    [
        (b"HTTP/1.1 2", None, "No answer within 1 seconds."),
        (b"HTTP/1.1 200 OK\r\n\r\n", 200, ""),
    ],
)
def test_an_answer_that_drips_ends_in_time(local, settings, start, status, error):
    settings.WEBHOOK_TIMEOUT = 1

    answer = call(answering(start, *[b"x"] * 60, every=0.1), b"{}", {})

    assert (answer.status, answer.error) == (status, error)
    assert 900 < answer.milliseconds < 4000


@pytest.mark.parametrize("noise", [b"", b"\x00\xff\xfe\n\n", b"HTTP/1.1 abc\r\n\r\n"])
def test_noise_is_a_failure_and_never_an_error_of_ours(local, noise):
    answer = call(answering(noise), b"{}", {})

    assert answer.status is None
    assert answer.error


def test_a_signature_is_what_the_standard_says():
    """The worked example of the specification."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    at = datetime.fromtimestamp(1614265330, tz=UTC)

    headers = signed([secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", at, '{"test": 2432232314}')

    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_while_a_secret_is_replaced_both_verify_and_a_third_does_not():
    new, old, other = make_secret(), make_secret(), make_secret()

    headers = signed([new, old], "1", datetime.now(UTC), "{}")

    assert Webhook(new).verify("{}", headers) == {}
    assert Webhook(old).verify("{}", headers) == {}
    with pytest.raises(WebhookVerificationError):
        Webhook(other).verify("{}", headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(new).verify("{ }", headers)
