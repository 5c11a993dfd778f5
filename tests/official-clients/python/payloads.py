"""Encoded payloads, and the official client's own encoder and decoder."""

import contextlib
import hashlib
import json
from unittest import mock

from mistralai.extra.workflows.encoding import payload_encoder
from mistralai.extra.workflows.encoding.config import (
    BlobStorageConfig,
    PayloadCompressionConfig,
    PayloadEncryptionConfig,
    PayloadOffloadingConfig,
    WorkflowEncodingConfig,
    ZstdCompressionConfig,
)
from mistralai.extra.workflows.encoding.storage.blob_storage import BlobNotFoundError

from galerne import REPOSITORY

FOLDER = REPOSITORY / "client/src/test/resources/io/galerne/client/payload"
OFFICIAL = FOLDER / "official-payloads.json"  # encoded by the official client
GALERNE = FOLDER / "galerne-payloads.json"  # encoded by the Java client


def key(name, size=32):
    return hashlib.sha256(name.encode()).hexdigest()[: size * 2]


KEYS = {
    "main": key("main"),
    "secondary": key("secondary"),
    "aes128": key("aes128", 16),
    "aes192": key("aes192", 24),
}


class Blobs(dict):
    """A fake of the bucket that stores large payloads."""

    async def upload_blob(self, key, content):
        self[key] = content
        return key

    async def get_blob(self, key):
        return self[key]

    async def get_blob_properties(self, key):
        if key not in self:
            raise BlobNotFoundError(key)
        return {}

    @contextlib.asynccontextmanager
    async def open(self, config):
        yield self


def encoding(mode, main=None, secondary=None, compress=None, level=3, offload=False):
    encryption = main and PayloadEncryptionConfig(
        mode=mode, main_key=main, secondary_key=secondary
    )
    compression = compress and PayloadCompressionConfig(
        min_size_bytes=compress, algorithm_config=ZstdCompressionConfig(level=level)
    )
    offloading = offload and PayloadOffloadingConfig(
        storage_config=BlobStorageConfig(bucket_name="payloads"), min_size_bytes=0
    )
    return WorkflowEncodingConfig(
        payload_encryption=encryption or None,
        payload_compression=compression or None,
        payload_offloading=offloading or None,
    )


class Encoder(payload_encoder.PayloadEncoder):
    """The official encoder with a fake bucket."""

    def __init__(self, config, blobs):
        super().__init__(config)
        blobs = Blobs() if blobs is None else blobs
        self._bucket = mock.patch.object(payload_encoder, "get_blob_storage", blobs.open)

    async def encode_payload_content(self, *arguments, **options):
        with self._bucket:
            return await super().encode_payload_content(*arguments, **options)

    async def decode_event_payload(self, payload):
        with self._bucket:
            return await super().decode_event_payload(payload)


def encoder(mode, main=None, secondary=None, blobs=None, **more):
    config = encoding(mode, main, secondary, offload=blobs is not None, **more)
    return Encoder(config, blobs)


def read(file):
    return json.loads(file.read_text(encoding="utf-8"))
