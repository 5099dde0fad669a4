"""Which addresses may be asked: the public ones, and those that the user names. Pure decisions, no look-ups."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from typing import Final

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Public by their numbers, but not by their use; `is_global` of some Python versions lets them pass.
_NOT_PUBLIC: Final[tuple[_Network, ...]] = tuple(
    ipaddress.ip_network(cidr)
    for cidr in (
        "168.63.129.16/32",  # Azure's metadata and DNS
        "192.0.0.0/24",  # protocol assignments; Oracle's metadata is 192.0.0.192
        "192.88.99.0/24",  # 6to4 relays
        "64:ff9b:1::/48",  # NAT64 for local use
        "2001::/23",  # protocol assignments, Teredo among them, which embeds IPv4
        "2001:db8::/32",
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
        "fec0::/10",  # site-local, deprecated
        "::/96",  # IPv4-compatible, deprecated
    )
)
# What a cloud tells its own machines about themselves, credentials among it. Never asked, whatever is allowed.
_METADATA: Final[tuple[_Network, ...]] = tuple(
    ipaddress.ip_network(cidr)
    for cidr in (
        "169.254.0.0/16",  # 169.254.169.254 of most; AWS's containers have others beside it
        "100.100.100.200/32",  # Alibaba
        "168.63.129.16/32",  # Azure
        "192.0.0.192/32",  # Oracle
        "fd00:ec2::/32",  # AWS
        "fd20:ce::/32",  # Google
        "fd00:42::42/128",  # Scaleway
        "fd00:c1::/32",  # Oracle
        "fe80::a9fe:a9fe/128",  # OpenStack
    )
)
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_SIX_TO_FOUR: Final = ipaddress.ip_network("2002::/16")
_ISATAP: Final = 0x5EFE
_CANONICAL_IPV4: Final = re.compile(r"(?:(?:0|[1-9][0-9]{0,2})\.){3}(?:0|[1-9][0-9]{0,2})", re.ASCII)
_NUMBER: Final = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*", re.ASCII)


def is_disguised_ipv4(host: str) -> bool:
    """Whether `host` is a number that a resolver reads as an IPv4 address: decimal, octal, hexadecimal, too short.

    The rule is the URL standard's: a host whose last label is a number is an IPv4 address.
    """
    labels = host.removesuffix(".").split(".")
    return _NUMBER.fullmatch(labels[-1]) is not None and _CANONICAL_IPV4.fullmatch(host) is None


def is_ip_address(host: str) -> bool:
    """Whether a URL's host is an address, not a name."""
    return ":" in host or _CANONICAL_IPV4.fullmatch(host) is not None


class AddressPolicy:
    """Global unicast addresses may be asked; others only when one of `allow_networks` (CIDRs) holds them.

    Clouds' metadata services may not, also when `allow_networks` holds them.

    Raises ValueError, naming the CIDR, when one is malformed.
    """

    def __init__(self, allow_networks: Sequence[str] = ()) -> None:
        self._allowed = tuple(ipaddress.ip_network(cidr, strict=False) for cidr in allow_networks)

    def permits(self, address: str) -> bool:
        """Whether a socket may connect to `address`. What is not a plain IP address is refused."""
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return self._permits(parsed)

    def _permits(self, address: _Address) -> bool:
        if isinstance(address, ipaddress.IPv6Address):
            if address.scope_id is not None:
                return False
            if address.ipv4_mapped is not None:
                return self._permits(address.ipv4_mapped)
        if any(address in network for network in _METADATA):
            return False
        embedded = _embedded_ipv4(address)
        if any(address in network for network in self._allowed):
            return not any(inner in network for inner in embedded for network in _METADATA)
        return (address in _NAT64 or _is_public(address)) and all(self._permits(inner) for inner in embedded)


def _is_public(address: _Address) -> bool:
    return (
        address.is_global
        and not (address.is_multicast or address.is_reserved or address.is_unspecified)
        and not any(address in network for network in _NOT_PUBLIC)
    )


def _embedded_ipv4(address: _Address) -> list[ipaddress.IPv4Address]:
    """The IPv4 addresses that a gateway would reach on behalf of an IPv6 address."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    number = int(address)
    low = ipaddress.IPv4Address(number & 0xFFFFFFFF)
    if address in _NAT64:
        return [low]
    if address in _SIX_TO_FOUR:
        return [ipaddress.IPv4Address(number >> 80 & 0xFFFFFFFF)]
    if number >> 32 & 0xFFFF == _ISATAP:
        return [low]
    return []
