"""Reads what the user names: a path on any of Beam's filesystems, or an http URL."""

from __future__ import annotations

from transforms import files
from transforms.errors import IngestError, InputError
from transforms.web.http import WebClient
from transforms.web.messages import HttpSettings, Request


def read_address(address: str, http: HttpSettings) -> bytes:
    """The content. Raises InputError naming the address."""
    if address.startswith(("http://", "https://")):
        client = WebClient(http)
        try:
            with client.session() as session:
                session.submit(Request(address, check_robots=False), address)
                [(_, answer)] = session.drain()
        finally:
            client.close()
        if isinstance(answer, IngestError):
            hint = (
                "; --allow_networks names private networks that may be asked"
                if answer.reason == "forbidden_address"
                else ""
            )
            raise InputError(f"cannot be read: {answer}{hint}", file=address)
        if isinstance(answer, Exception):
            raise answer
        return answer.content
    try:
        return files.read_bytes(address)
    except OSError as error:
        raise InputError(f"cannot be read: {error}", file=address) from error
