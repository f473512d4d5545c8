"""A name server and the web server of the names it knows, on this machine, for the stories about claims.

    names.py DIRECTORY NAME

Writes `authority.pem`, and once it listens `dns` (UDP and TCP) and `web` (https, with a certificate for NAME): their ports. `zone.json`
says what each name has, read anew at each question: `{"small.test": {"TXT": ["..."], "A": ["192.0.2.1"], "CNAME": "other.test"}}`;
a name may have `"say": "servfail" | "refused" | "silent" | "flood"` instead. `site.json` says how the web server answers: `{"say":
"file" | "page" | "html" | "redirect" | "flood" | "missing" | "bytes" | "stall", "body": "..."}`. Each question goes to `asked`, each path to `fetched`.
"""

import asyncio
import json
import pathlib
import ssl
import sys

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "smtp"))
from server import certificates  # noqa: E402

# As much as one message can carry. Read once: at each question it would take longer than a resolver waits.
FLOOD = dns.rrset.from_text_list("flood.", 60, "IN", "TXT", ['"' + "x" * 250 + f'{number:05d}"' for number in range(240)])


class Names(asyncio.DatagramProtocol):
    def __init__(self, directory):
        self.directory = directory

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, address):
        answer = self.answer(data)
        if answer is not None:
            wire = answer.to_wire(max_size=65535)
            if len(wire) > 1200:
                answer = dns.message.make_response(dns.message.from_wire(data))
                answer.flags |= dns.flags.TC
                wire = answer.to_wire()
            self.transport.sendto(wire, address)

    async def stream(self, reader, writer):
        try:
            while True:
                length = int.from_bytes(await reader.readexactly(2), "big")
                answer = self.answer(await reader.readexactly(length))
                if answer is None:
                    # Only this question stays without an answer: others come over the same connection.
                    continue
                wire = answer.to_wire(max_size=65535)
                writer.write(len(wire).to_bytes(2, "big") + wire)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def answer(self, data):
        """What is answered to a question; nothing where nobody is to answer."""
        asked = dns.message.from_wire(data)
        question = asked.question[0]
        kind = dns.rdatatype.to_text(question.rdtype)
        name = question.name.to_text(omit_final_dot=True).lower()
        with (self.directory / "asked").open("a") as log:
            log.write(f"{kind} {name}\n")
        answer = dns.message.make_response(asked)
        answer.flags |= dns.flags.RA
        zone = json.loads((self.directory / "zone.json").read_text())
        for _ in range(20):
            has = zone.get(name)
            if has is None:
                answer.set_rcode(dns.rcode.NXDOMAIN)
                break
            say = has.get("say")
            if say == "silent":
                return None
            if say in ("servfail", "refused"):
                answer.set_rcode(dns.rcode.from_text(say))
                break
            owner = name + "."
            if say == "flood" and kind == "TXT":
                flood = FLOOD.copy()
                flood.name = dns.name.from_text(owner)
                answer.answer.append(flood)
                break
            if kind in has:
                texts = [json.dumps(text) for text in has[kind]] if kind == "TXT" else has[kind]
                if kind == "CNAME":
                    texts = [has[kind] + "."]
                answer.answer.append(dns.rrset.from_text_list(owner, 60, "IN", kind, texts))
                break
            if "CNAME" not in has:
                break
            answer.answer.append(dns.rrset.from_text(owner, 60, "IN", "CNAME", has["CNAME"] + "."))
            name = has["CNAME"]
        return answer


class Site:
    def __init__(self, directory):
        self.directory = directory

    async def call(self, reader, writer):
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            with (self.directory / "fetched").open("a") as log:
                log.write(head.split(b" ")[1].decode() + "\n")
            says = json.loads((self.directory / "site.json").read_text())
            if says["say"] == "stall":
                await reader.read()
                return
            body = says.get("body", "").encode()
            status, headers, body = {
                "file": ("200 OK", "content-type: text/plain\r\n", body),
                "page": ("200 OK", "content-type: Text/HTML; charset=utf-8\r\n", body),
                "html": ("200 OK", "content-type: text/html\r\n", b"<!DOCTYPE html><title>Not here</title>"),
                "redirect": ("301 Moved", "location: https://www.small.test/elsewhere\r\n", b""),
                "flood": ("200 OK", "content-type: text/plain\r\n", b"#" * (1 << 20)),
                "bytes": ("200 OK", "content-type: text/plain\r\n", b"\xff\xfe\x00"),
                "missing": ("404 Not Found", "", b""),
            }[says["say"]]
            head = f"HTTP/1.1 {status}\r\n{headers}content-length: {len(body)}\r\nconnection: close\r\n\r\n"
            writer.write(head.encode() + body)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            writer.close()


def tell(directory, name, port):
    file = directory / (name + ".new")
    file.write_text(str(port))
    file.rename(directory / name)


async def serve(directory, name):
    context = certificates(directory, name)
    loop = asyncio.get_running_loop()
    web = await asyncio.start_server(Site(directory).call, "127.0.0.1", 0, ssl=context)
    tell(directory, "web", web.sockets[0].getsockname()[1])
    names = Names(directory)
    while True:
        transport, _ = await loop.create_datagram_endpoint(lambda: names, local_addr=("127.0.0.1", 0))
        port = transport.get_extra_info("sockname")[1]
        try:
            await asyncio.start_server(names.stream, "127.0.0.1", port)
            break
        except OSError:
            # Somebody has that port for TCP.
            transport.close()
    tell(directory, "dns", port)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(pathlib.Path(sys.argv[1]), sys.argv[2]))
