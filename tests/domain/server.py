"""An agency's own domain for the stories: https for any name, reached through a proxy that this is as well.

    server.py DIRECTORY NAME

Writes `authority.pem`, `port` once it listens, and one line per path that is asked for to `asked`. Answers with what `answer`
says: `keys` (the file `keys.json`), `redirect`, `flood`, `missing`, or `stall`, which answers nothing until the caller goes.
"""

import asyncio
import pathlib
import ssl
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "smtp"))
from server import certificates  # noqa: E402


class Domain:
    def __init__(self, directory, context):
        self.directory = directory
        self.context = context

    async def proxy(self, reader, writer):
        """CONNECT, then TLS with the certificate of the name, whatever name was wanted."""
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 here\r\n\r\n")
            await writer.drain()
            await writer.start_tls(self.context)
            head = await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ")[1].decode()
            with (self.directory / "asked").open("a") as asked:
                asked.write(path + "\n")
            await self.answer(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            writer.close()

    async def answer(self, reader, writer):
        what = (self.directory / "answer").read_text().strip()
        if what == "stall":
            await reader.read()
            return
        status, headers, body = {
            "keys": ("200 OK", "", (self.directory / "keys.json").read_bytes()),
            "redirect": ("302 Found", "location: https://elsewhere.example/keys.json\r\n", b""),
            "flood": ("200 OK", "", b" " * (1 << 20)),
            "missing": ("404 Not Found", "", b""),
        }[what]
        head = f"HTTP/1.1 {status}\r\n{headers}content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()


async def serve(directory, name):
    domain = Domain(directory, certificates(directory, name))
    server = await asyncio.start_server(domain.proxy, "127.0.0.1", 0)
    port = directory / "port.new"
    port.write_text(str(server.sockets[0].getsockname()[1]))
    port.rename(directory / "port")
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(pathlib.Path(sys.argv[1]), sys.argv[2]))
