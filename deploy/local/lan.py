"""A door for real phones: the machine's own address, a certificate for it, a QR in the terminal."""

from __future__ import annotations

import socket
from pathlib import Path

import qrcode
import trustme

from deploy.local import Trouble


def address() -> str:
    """The address other machines reach us at. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            found = str(probe.getsockname()[0])
        except OSError as error:
            raise Trouble("LAN=1 needs a network, and this machine has none.") from error
    if found.startswith("127."):
        raise Trouble("LAN=1 needs a network address besides the loopback one, and this machine has none.")
    return found


def certificate(folder: Path, ip: str) -> tuple[Path, Path]:
    """Certificate and key for `ip`, signed by an authority kept in `folder`, so that a phone trusts it once."""
    folder.mkdir(mode=0o700, exist_ok=True)
    authority = folder / "authority.pem"
    secret = folder / "authority.key"
    if authority.exists() and secret.exists():
        ca = trustme.CA.from_pem(authority.read_bytes(), secret.read_bytes())
    else:
        ca = trustme.CA(organization_name="Sunshine Food Safety, this machine only")
        ca.cert_pem.write_to_path(authority)
        secret.touch(mode=0o600)
        ca.private_key_pem.write_to_path(secret)
    issued = ca.issue_cert(ip, "localhost", "127.0.0.1")
    chain, key = folder / "server.pem", folder / "server.key"
    key.touch(mode=0o600)
    issued.private_key_pem.write_to_path(key)
    chain.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
    return chain, key


def show(url: str, authority: Path) -> None:
    code = qrcode.QRCode(border=2)
    code.add_data(url)
    code.print_ascii(invert=True)
    print(f"On a phone in this network: {url}\nFor camera and offline use, trust {authority} on the phone.", flush=True)
