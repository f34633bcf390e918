"""A real S3 server of its own for tests: Ceph's RADOS Gateway on loopback, or moto where that is absent.

moto is a mock: it accepts a wrong secret and proves little, so the run says which one it was.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import re
import shutil
import ssl
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from free_port import free_ports

ACCESS_KEY, SECRET_KEY = "AKcityhall", "SKcityhall-never-shown"
# ruff: noqa: PLC0415, S310, S607 - what only one of the two servers needs; loopback; Debian's commands
_CEPH = ("radosgw", "radosgw-admin", "ceph", "ceph-authtool", "ceph-mon", "ceph-osd", "monmaptool")
_PATIENCE = 60.0
_LOGGED = re.compile(rb'"(?:GET|PUT|POST|HEAD|DELETE) /[^"]* HTTP/1\.[01]"')


@dataclass(frozen=True)
class S3Server:
    """Where it is: two endpoints, the certificate that the second is trusted by, and a key."""

    name: str
    http: str
    https: str
    ca_bundle: Path
    access_key: str = ACCESS_KEY
    secret_key: str = SECRET_KEY

    @property
    def is_real(self) -> bool:
        return self.name.startswith("radosgw")

    @property
    def requests(self) -> int:
        """Count what it was asked so far, as radosgw's own log has it; 0 where there is no such log."""
        log = self.ca_bundle.parent / "log" / "rgw.log"
        return len(_LOGGED.findall(log.read_bytes())) if log.exists() else 0

    @contextmanager
    def stranger(self) -> Iterator[Any]:
        """Open another client at the same server, to look with other eyes."""
        import boto3
        from botocore.config import Config

        client = boto3.client(
            "s3",
            endpoint_url=self.http,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            region_name="us-east-1",
            config=Config(s3={"addressing_style": "path"}),
        )
        with closing(client):
            yield client

    def environment(self, *, https: bool = False, **changes: str) -> dict[str, str]:
        """Give what boto3 reads, as the user of a bucket would set it."""
        return {
            "AWS_ENDPOINT_URL": self.https if https else self.http,
            "AWS_CA_BUNDLE": str(self.ca_bundle),
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            **changes,
        }


def server_name() -> str:
    """Tell which server the tests run on here."""
    if _why_no_radosgw():
        return f"moto, the mock ({_why_no_radosgw()})"
    version = subprocess.run(["radosgw", "--version"], capture_output=True, text=True, check=True, timeout=20)
    found = re.search(r"ceph version (\d+\.\d+)", version.stdout)
    return f"radosgw {found[1] if found else '?'}"


@contextmanager
def s3_server() -> Iterator[S3Server]:
    """Start the server and stop it again; its folder is removed."""
    folder = Path(tempfile.mkdtemp(prefix="cityhall-fm-s3-", dir="/tmp"))  # sockets need short paths
    try:
        certificate, both = _certificate(folder)
        start = _moto if _why_no_radosgw() else _radosgw
        with start(folder, both) as (http, https):
            yield S3Server(server_name(), http, https, certificate)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _why_no_radosgw() -> str | None:
    missing = [command for command in _CEPH if not shutil.which(command)]
    return f"{missing[0]} is not installed" if missing else None


@contextmanager
def _radosgw(folder: Path, both: Path) -> Iterator[tuple[str, str]]:
    mon, mon_old, http, https = free_ports(4)
    for name in ("mon", "osd", "rgw", "log", "run"):
        (folder / name).mkdir()
    keyring, monmap, fsid = folder / "keyring", folder / "monmap", str(uuid.uuid4())
    (folder / "ceph.conf").write_text(
        _CONF.format(D=folder, fsid=fsid, mon=mon, mon_old=mon_old, http=http, https=https, both=both)
    )
    environment = {**os.environ, "CEPH_CONF": str(folder / "ceph.conf")}
    started: list[subprocess.Popen[bytes]] = []

    def run(*command: object) -> str:
        done = subprocess.run(  # noqa: S603
            [str(part) for part in command],
            env=environment, check=True, timeout=_PATIENCE, capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout

    def start(*command: object) -> subprocess.Popen[bytes]:
        with (folder / "log" / f"{command[0]}.out").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603
                [str(part) for part in command],
                env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        started.append(process)
        return process

    try:
        make = ("ceph-authtool", keyring, "--gen-key", "-n")
        run("ceph-authtool", "--create-keyring", *make[1:], "mon.", "--cap", "mon", "allow *")
        everything = ("--cap", "mon", "allow *", "--cap", "osd", "allow *", "--cap", "mgr", "allow *")
        run(*make, "client.admin", *everything)
        run(*make, "osd.0", "--cap", "mon", "allow profile osd", "--cap", "osd", "allow *")
        run(*make, "client.rgw", "--cap", "mon", "allow rwx", "--cap", "osd", "allow rwx")
        addresses = f"[v2:127.0.0.1:{mon},v1:127.0.0.1:{mon_old}]"
        run("monmaptool", "--create", "--clobber", "--fsid", fsid, "--addv", "a", addresses, monmap)
        run("ceph-mon", "--mkfs", "-i", "a", "--monmap", monmap, "--keyring", keyring)
        start("ceph-mon", "-i", "a", "-f")
        osd = str(uuid.uuid4())
        run("ceph", "--connect-timeout", "30", "osd", "new", osd)
        run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", osd)
        start("ceph-osd", "-i", "0", "-f")
        _wait(lambda: "1 up" in run("ceph", "--connect-timeout", "30", "osd", "stat"), started)
        start("radosgw", "-n", "client.rgw", "-f")
        _wait(lambda: _answers(f"http://127.0.0.1:{http}/"), started)
        user = ("--uid=test", "--display-name=test", f"--access-key={ACCESS_KEY}", f"--secret={SECRET_KEY}")
        run("radosgw-admin", "-n", "client.rgw", "user", "create", *user)
        yield f"http://127.0.0.1:{http}", f"https://127.0.0.1:{https}"
    finally:
        _stop(started[::-1])


@contextmanager
def _moto(folder: Path, both: Path) -> Iterator[tuple[str, str]]:  # noqa: ARG001
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from moto.server import ThreadedMotoServer
    from werkzeug.serving import make_server

    port, tls_port = free_ports(2)
    plain = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    plain.start()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    app = DomainDispatcherApplication(create_backend_app)
    secure = make_server("127.0.0.1", tls_port, app, threaded=True, ssl_context=context)
    serving = threading.Thread(target=secure.serve_forever, daemon=True)
    serving.start()
    try:
        yield f"http://127.0.0.1:{port}", f"https://127.0.0.1:{tls_port}"
    finally:
        secure.shutdown()
        serving.join(_PATIENCE)
        plain.stop()


def _certificate(folder: Path) -> tuple[Path, Path]:
    """Sign a certificate for loopback; gives it alone, and with its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=2))
        .add_extension(alternative, critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    public = signed.public_bytes(encoding)
    (folder / "certificate.pem").write_bytes(public)
    (folder / "both.pem").write_bytes(private + public)
    return folder / "certificate.pem", folder / "both.pem"


def _wait(ready: Callable[[], bool], processes: Sequence[subprocess.Popen[bytes]]) -> None:
    until = time.monotonic() + _PATIENCE
    while not ready():
        ended = [process.args for process in processes if process.poll() is not None]
        if ended or time.monotonic() > until:
            raise RuntimeError(f"the S3 server did not start: {ended or 'too slow'}")
        time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.HTTPError as error:
        error.close()
        return True
    except OSError:
        return False


def _stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
        try:
            process.wait(3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


_CONF = """
[global]
fsid = {fsid}
mon host = [v2:127.0.0.1:{mon},v1:127.0.0.1:{mon_old}]
public network = 127.0.0.0/8
public addr = 127.0.0.1
cluster addr = 127.0.0.1
keyring = {D}/keyring
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
ms bind ipv6 = false
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pgp num = 8
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 1000
mon osd max creating pgs = 1024
mon warn on pool no redundancy = false
paxos propose interval = 0.02
paxos min wait = 0.01
run dir = {D}/run
admin socket = {D}/run/$cluster-$name.asok
log file = {D}/log/$name.log
log to stderr = false
debug ms = 0
pid file =
[mon]
mon data = {D}/mon
mon data avail crit = 1
mon data avail warn = 2
[osd]
osd data = {D}/osd
osd objectstore = memstore
memstore device bytes = 4294967296
memstore page set = false
osd op num shards = 2
osd max object name len = 2048
[client.rgw]
rgw data = {D}/rgw
rgw frontends = beast endpoint=127.0.0.1:{http} ssl_endpoint=127.0.0.1:{https} ssl_certificate={both}
rgw enable usage log = false
rgw enable ops log = false
rgw thread pool size = 32
log file = {D}/log/rgw.log
"""
