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
            return client.fetch(Request(address, check_robots=False)).content
        except IngestError as error:
            private = error.reason == "forbidden_address"
            hint = "; --allow_networks names private networks that may be asked" if private else ""
            raise InputError(f"cannot be read: {error}{hint}", file=address) from error
        finally:
            client.close()
    try:
        return files.read_bytes(address)
    except OSError as error:
        raise InputError(f"cannot be read: {error}", file=address) from error
