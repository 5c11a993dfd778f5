"""Generates encoded payloads for the Java client's tests with the official client.

    .venv/bin/python python/make_payload_vectors.py

Run it in `tests/official-clients` after `./run` has installed the client. Nonces are random, so the
file changes every time.
"""

import asyncio
import base64
import json

from mistralai.extra.workflows.encoding.models import WorkflowContext

from payloads import KEYS, OFFICIAL, Blobs, encoder

TEXT = "Galerne blows from the north-west. " * 40
CONTEXT = WorkflowContext(namespace="default", execution_id="document review/7f3a")


def secret(data):
    return {"field_type": "__encrypted_str__", "data": data}


VALUES = {
    "object": {"state": "running", "progress": 0.5, "tags": ["a", "b"], "next": None},
    "unicode": {"été": "héllo ✓ 😀 \u2028", "control": '\x00\x1f\x7f\n\t"\\/', "half": "\ud83d"},
    "numbers": [0, -7, 2**64 + 1, 9007199254740993, 0.1, 1e-7, 5e-324, 1.5e300],
    "string": "just a string",
    "null": None,
    "empty": {},
    "nested": json.loads('{"a":[' * 40 + "1" + "]}" * 40),
    "long": {"text": TEXT, "at": list(range(200))},
}
SECRETS = {
    "top": secret("sk-1"),
    "fields": {"user": "alice", "key": secret("sk-2"), "unicode": secret("mot de passe : été 😀")},
    "arrays": {"all": [secret("1"), [{"deep": secret("2"), "plain": "3"}]], "empty": secret("")},
    "long": {"text": TEXT, "key": secret("sk-4")},
    "stops": {**secret("outer"), "extra": secret("not looked at")},
    "none": {"data": "plain", "field_type": "other", "more": [True, 1.50]},
}
PATCH = [
    {"op": "replace", "path": "/state", "value": {"text": TEXT}},
    {"op": "append", "path": "/log", "value": "line ✓"},
    {"op": "remove", "path": "/old", "value": None},
]
RAW = {
    "spaces": ' {"b" : 2.0, "a":[1e5, -0, -0.0, 1.50, 12345678901234567890123]}\n',
    "escapes": r'{"s": "\u00e9\ud83d\ude00\/\b", "lone": "\ud800 \udc00"}',
}


def vector(name, type_, encoded, options, keys, blobs=None):
    payload = {
        "type": type_,
        "value": base64.b64encode(encoded).decode() if isinstance(encoded, bytes) else encoded,
        "encoding_options": [getattr(option, "value", option) for option in options],
    }
    keys = [KEYS[key] for key in keys]
    found = asyncio.run(encoder("full", *keys, blobs=blobs).decode_event_payload(dict(payload)))
    stored = {key: base64.b64encode(blob).decode() for key, blob in (blobs or {}).items()}
    return {
        "name": name,
        "keys": keys,
        "stored": stored,
        "payload": payload,
        "decoded": found["value"],
    }


def of_text(name, text, mode, keys=("main",), made_with=None, type_="json", **more):
    """A payload as workers create it: encoded as a whole, then in base64."""
    if isinstance(text, str):
        text = text.encode()
    keys = keys if mode else ()
    made_with = KEYS[made_with or keys[0]] if mode else None
    blobs = more.get("blobs")
    made = encoder(mode, made_with, **more).encode_payload_content(
        text, CONTEXT, allow_offloading=blobs is not None
    )
    return vector(f"{mode or 'plain'}/{name}", type_, *asyncio.run(made), keys, blobs)


def wrapped_patch(name, keys, made_with):
    """A patch with a separately encrypted value in each operation."""
    making = encoder("full", KEYS[made_with])
    value = []
    for operation in PATCH[:2]:
        encrypted = base64.b64encode(making._encrypt(json.dumps(operation["value"]).encode()))
        wrapper = {"type": "__encrypted__", "value": encrypted.decode()}
        value.append({**operation, "value": wrapper})
    value += [PATCH[2], {"op": "add", "path": "/plain", "value": {"type": "other", "value": "e"}}]
    return vector(name, "json_patch", value, ["encrypted-partial"], keys)


def vectors():
    for name, value in VALUES.items():
        yield of_text(name, json.dumps(value), "full")
    for name, text in RAW.items():
        yield of_text(name, text, "full")
    for name in ("aes128", "aes192"):
        yield of_text(name, json.dumps(VALUES["object"]), "full", (name,))
    for name, value in SECRETS.items():
        made = of_text(name, json.dumps(value), "partial")
        if made["payload"]["encoding_options"]:
            yield made
    for level in (1, 3, 19):
        text = json.dumps(VALUES["long"])
        yield of_text(f"zstd-{level}", text, None, compress=64, level=level)
    yield of_text("zstd", json.dumps(VALUES["long"]), "full", compress=64)
    yield of_text("zstd", json.dumps(SECRETS["long"]), "partial", compress=64)
    rotated = {"keys": ("main", "secondary"), "made_with": "secondary"}
    yield of_text("rotated", json.dumps(VALUES["object"]), "full", **rotated)
    yield of_text("rotated", json.dumps(SECRETS["arrays"]), "partial", **rotated)
    yield of_text("patch", json.dumps(PATCH), "full", type_="json_patch")
    yield of_text("patch-zstd", json.dumps(PATCH), "full", type_="json_patch", compress=64)
    yield of_text("patch-zstd", json.dumps(PATCH), None, type_="json_patch", compress=64)
    yield wrapped_patch("patch/values", ("main",), "main")
    yield wrapped_patch("patch/values-rotated", ("main", "secondary"), "secondary")
    for mode in (None, "full", "partial"):
        text = json.dumps(SECRETS["long"])
        yield of_text("offloaded", text, mode, blobs=Blobs())
        yield of_text("offloaded-zstd", text, mode, blobs=Blobs(), compress=64)


if __name__ == "__main__":
    OFFICIAL.parent.mkdir(parents=True, exist_ok=True)
    text = ",\n".join(json.dumps(each) for each in vectors())
    OFFICIAL.write_text(f"[\n{text}\n]\n", encoding="utf-8")
    print(f"wrote {OFFICIAL}")
