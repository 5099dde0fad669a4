"""Which addresses may be asked, as a pure decision."""

import pytest

from transforms.web.addresses import AddressPolicy, is_disguised_ipv4, is_ip_address

PUBLIC = ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "64:ff9b::808:808", "2002:808:808::1"]
NOT_PUBLIC = [
    "127.0.0.1",
    "127.66.0.1",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "100.100.100.200",  # metadata
    "169.254.169.254",  # metadata
    "168.63.129.16",  # metadata
    "192.0.0.192",  # metadata
    "192.88.99.1",
    "198.18.0.1",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",  # metadata
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:7f42:1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",  # NAT64 of 127.0.0.1
    "64:ff9b::a9fe:a9fe",  # NAT64 of the metadata service
    "64:ff9b:1::1",
    "2002:7f00:1::1",  # 6to4 of 127.0.0.1
    "2002:c0a8:101::1",
    "2001:0:7f00:1::1",  # Teredo
    "2606:4700::5efe:7f00:1",  # ISATAP of 127.0.0.1
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_permitted(address):
    assert AddressPolicy().permits(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_other_addresses_are_refused(address):
    assert not AddressPolicy().permits(address)


@pytest.mark.parametrize(
    "text", ["", "localhost", "2130706433", "127.1", "0177.0.0.1", "8.8.8.08", "8.8.8.8 ", "[::1]"]
)
def test_what_is_no_plain_address_is_refused(text):
    assert not AddressPolicy(("0.0.0.0/0", "::/0")).permits(text)


def test_allowed_networks_and_nothing_beside_them():
    policy = AddressPolicy(("127.0.0.0/24", "fd00::/8"))
    assert policy.permits("127.0.0.201")
    assert policy.permits("::ffff:127.0.0.1")
    assert policy.permits("fd00::5")
    assert not policy.permits("127.0.1.1")
    assert not policy.permits("127.66.0.1")
    assert not policy.permits("::ffff:127.66.0.1")
    assert not policy.permits("::1")


def test_a_malformed_network_is_named():
    with pytest.raises(ValueError, match=r"127\.0\.0\.0/40"):
        AddressPolicy(("127.0.0.0/40",))


@pytest.mark.parametrize(
    "host", ["2135031809", "127.1", "0177.0.0.1", "0x7f.0.0.1", "0x7f000001", "1.2.3.4.", "1.2.3.4.5", "evil.0x1"]
)
def test_numbers_that_resolve_to_ipv4(host):
    assert is_disguised_ipv4(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "example.org", "intranet2", "1.example", "3com.com", "::1"])
def test_hosts_that_are_what_they_look_like(host):
    assert not is_disguised_ipv4(host)


def test_names_and_addresses():
    assert is_ip_address("127.0.0.1")
    assert is_ip_address("::1")
    assert not is_ip_address("intranet2")
