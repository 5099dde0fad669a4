"""A bucket on loopback, and credentials that only a server there accepts: nothing of Google's is asked."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage


@contextlib.contextmanager
def start_gcs(folder):
    """The environment in which Beam's gs:// is a store on loopback; the store keeps its files below `folder`."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    emulator = os.path.join(os.path.dirname(sys.executable), "gcp-storage-emulator")
    process = subprocess.Popen(
        [emulator, "-d", str(folder), "start", "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, process)
        with _token_server() as tokens:
            yield {
                **os.environ,
                "STORAGE_EMULATOR_HOST": address,
                "GOOGLE_APPLICATION_CREDENTIALS": _credentials(folder, tokens),
                "GOOGLE_CLOUD_PROJECT": "test-proj",
                "GCE_METADATA_HOST": "127.0.0.1:1",  # nobody there: a way round the credentials fails
                "NO_PROXY": "127.0.0.1",
            }
    finally:
        process.kill()
        process.wait()


def make_bucket(environment, name):
    request = urllib.request.Request(
        f"{environment['STORAGE_EMULATOR_HOST']}/storage/v1/b?project=test-proj",
        data=json.dumps({"name": name}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 200


def read_object(environment, address):
    return _client(environment, address).download_as_bytes()


def write_object(environment, address, content):
    _client(environment, address).upload_from_string(content)


def _client(environment, address):
    options = {"api_endpoint": environment["STORAGE_EMULATOR_HOST"]}
    client = storage.Client(project="test-proj", credentials=AnonymousCredentials(), client_options=options)
    return storage.Blob.from_uri(address, client=client)


def _wait_for(address, process):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "gcp-storage-emulator did not start"
        with contextlib.suppress(urllib.error.HTTPError, OSError):
            urllib.request.urlopen(f"{address}/storage/v1/b?project=test-proj", timeout=1).close()
            return
        time.sleep(0.05)
    raise TimeoutError(address)


def _credentials(folder, token_address):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    account = {
        "type": "service_account",
        "project_id": "test-proj",
        "private_key_id": "throwaway",
        "private_key": pem,
        "client_email": "tester@test-proj.iam.gserviceaccount.com",
        "client_id": "1",
        "token_uri": token_address,
    }
    path = os.path.join(str(folder), "credentials.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(account, file)
    return path


@contextlib.contextmanager
def _token_server():
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args):
            pass

        def do_POST(self):
            content = json.dumps({"access_token": "x", "expires_in": 3600, "token_type": "Bearer"}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/token"
    finally:
        server.shutdown()
        server.server_close()
