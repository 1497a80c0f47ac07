"""The tree is the one of RFC 6962, so that other people's tools agree with it."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import merkle

# Leaves and roots from the test vectors of Certificate Transparency's reference code.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@pytest.mark.parametrize("size", ROOTS)
def test_agrees_with_the_published_vectors(size):
    leaves = [merkle.leaf(bytes.fromhex(each)) for each in LEAVES[:size]]
    assert merkle.root(leaves).hex() == ROOTS[size]


@given(st.lists(st.binary(max_size=8), max_size=40))
def test_agrees_with_the_definition(data):
    assert merkle.root([merkle.leaf(each) for each in data]) == _as_defined(data)


def _as_defined(data):
    if not data:
        return hashlib.sha256(b"").digest()
    if len(data) == 1:
        return hashlib.sha256(b"\x00" + data[0]).digest()
    split = 1 << (len(data) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + _as_defined(data[:split]) + _as_defined(data[split:])).digest()
