"""A mail server for the stories: keeps what it accepts, refuses what it is told to refuse.

    server.py DIRECTORY [--tls] [--user NAME --password PASSWORD]

Writes `port` once it listens, one JSON per accepted mail under `mails/`, one line per attempt to `attempts`.
Reads `rules`, lines of `ADDRESS REPLY` (`*` for every address; the last line that fits counts; `drop` hangs up).
"""

import argparse
import asyncio
import datetime
import email
import email.policy
import hmac
import ipaddress
import json
import pathlib
import ssl

from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


class Keeper:
    def __init__(self, directory):
        self.directory = directory
        self.mails = directory / "mails"
        self.mails.mkdir(exist_ok=True)
        self.count = 0

    def reply_for(self, address):
        reply = "250"
        rules = self.directory / "rules"
        if rules.exists():
            for line in rules.read_text().splitlines():
                whom, what = line.split()
                if whom in ("*", address):
                    reply = what
        return reply

    async def handle_DATA(self, server, session, envelope):
        replies = []
        for address in envelope.rcpt_tos:
            reply = self.reply_for(address)
            replies.append(reply)
            with (self.directory / "attempts").open("a") as attempts:
                attempts.write(json.dumps({"to": address, "reply": reply}) + "\n")
        worst = max(replies)
        if worst == "drop":
            server.transport.abort()
            return "421 gone"
        if worst != "250":
            return {"451": "451 4.3.0 try again later", "550": "550 5.1.1 no such mailbox"}.get(worst, f"{worst} told to")
        self.keep(session, envelope)
        return "250 2.0.0 kept"

    def keep(self, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        parts = {kind: mail.get_body(preferencelist=(kind,)) for kind in ("plain", "html")}
        kept = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "login": bool(session.authenticated),
            "tls": session.ssl is not None,
            "subject": str(mail["subject"]),
            "headers": {name.lower(): str(value) for name, value in mail.items()},
            "text": parts["plain"].get_content() if parts["plain"] else None,
            "html": parts["html"].get_content() if parts["html"] else None,
            "raw": envelope.content.decode("utf-8", "replace"),
        }
        self.count += 1
        path = self.mails / f"{self.count:06}.json"
        written = path.with_suffix(".new")
        written.write_text(json.dumps(kept))
        written.rename(path)


def certificates(directory, host="localhost", expired=False):
    """An authority and a certificate for a host on this machine under it, made for this run; or one that is over."""
    now = datetime.datetime.now(datetime.timezone.utc)
    def build(name, key, issuer, issuer_key, *extensions, left=datetime.timedelta(days=2)):
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + left)
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        return builder.sign(issuer_key, hashes.SHA256())

    def named(text):
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = build(
        named(f"Test authority of {host}"), authority_key, named(f"Test authority of {host}"), authority_key,
        (x509.BasicConstraints(ca=True, path_length=0), True),
        (x509.SubjectKeyIdentifier.from_public_key(authority_key.public_key()), False),
    )
    leaf = build(
        named(host), key, authority.subject, authority_key,
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (x509.SubjectAlternativeName([x509.DNSName(host), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), False),
        left=datetime.timedelta(minutes=-1) if expired else datetime.timedelta(days=2),
    )
    pem = serialization.Encoding.PEM
    (directory / "authority.pem").write_bytes(authority.public_bytes(pem))
    chain = directory / "server.pem"
    chain.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()) + leaf.public_bytes(pem)
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(chain)
    return context


def authenticator(user, password):
    def check(server, session, envelope, mechanism, data):
        good = hmac.compare_digest(data.login, user.encode()) and hmac.compare_digest(data.password, password.encode())
        return AuthResult(success=good)

    return check


async def serve(options):
    keeper = Keeper(options.directory)
    settings = {"hostname": "localhost", "enable_SMTPUTF8": True}
    if options.tls:
        settings |= {"tls_context": certificates(options.directory), "require_starttls": True}
    if options.user:
        settings |= {"authenticator": authenticator(options.user, options.password), "auth_required": True}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(keeper, loop=loop, **settings), "127.0.0.1", 0)
    port = options.directory / "port.new"
    port.write_text(str(server.sockets[0].getsockname()[1]))
    port.rename(options.directory / "port")
    await server.serve_forever()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--user")
    parser.add_argument("--password")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
