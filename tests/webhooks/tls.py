"""Receivers of webhooks over TLS for the stories, each with a certificate of its own kind.

    tls.py DIRECTORY

`good.test` has a right one, `named.test` one for another name, `expired.test` one that is over, and `stranger.test` one of an authority
that nobody knows. Writes `authorities.pem` (of the first three), a port for each once all listen, and one line of JSON per message to
`received`.
"""

import asyncio
import json
import pathlib
import ssl
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "smtp"))
from server import certificates  # noqa: E402

KINDS = {
    "good": {"host": "good.test"},
    "named": {"host": "elsewhere.test"},
    "expired": {"host": "expired.test", "expired": True},
    "stranger": {"host": "stranger.test"},
}


class Receiver:
    def __init__(self, directory, kind):
        self.directory, self.kind = directory, kind

    async def call(self, reader, writer):
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if line)
            body = await reader.readexactly(int(fields["content-length"]))
            told = {"kind": self.kind, "host": fields["host"], "id": fields["webhook-id"], "body": body.decode()}
            with (self.directory / "received").open("a") as log:
                log.write(json.dumps(told) + "\n")
            writer.write(b"HTTP/1.1 204 Told\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            writer.close()


async def serve(directory):
    ports, known = {}, b""
    for kind, wanted in KINDS.items():
        place = directory / kind
        place.mkdir()
        context = certificates(place, **wanted)
        if kind != "stranger":
            known += (place / "authority.pem").read_bytes()
        server = await asyncio.start_server(Receiver(directory, kind).call, "127.0.0.1", 0, ssl=context)
        ports[kind] = server.sockets[0].getsockname()[1]
    (directory / "authorities.pem").write_bytes(known)
    new = directory / "ports.new"
    new.write_text(json.dumps(ports))
    new.rename(directory / "ports")
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(pathlib.Path(sys.argv[1])))
