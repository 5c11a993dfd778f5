"""The official Python client decodes payloads that the Java client encoded."""

import asyncio
import base64
import unittest

from mistralai.extra.workflows.encoding import configure_workflow_encoding

from galerne import Galerne, Publisher, progress
from official_client import client_of
from payloads import GALERNE, OFFICIAL, Blobs, encoder, encoding, read


class Payloads(unittest.TestCase):
    def test_of_the_java_client_are_decoded(self):
        self.assert_decoded(GALERNE)

    def test_in_the_java_clients_tests_are_decoded(self):
        self.assert_decoded(OFFICIAL)

    def assert_decoded(self, file):
        vectors = read(file)
        self.assertTrue(vectors)
        for vector in vectors:
            with self.subTest(vector["name"]):
                stored = vector["stored"].items()
                blobs = Blobs({key: base64.b64decode(blob) for key, blob in stored})
                decoding = encoder("full", *vector["keys"], blobs=blobs)
                found = asyncio.run(decoding.decode_event_payload(vector["payload"]))
                self.assertEqual(found["encoding_options"], [])
                self.assertEqual(found["value"], vector["decoded"])

    def test_of_the_java_client_are_decoded_from_stored_events(self):
        vectors = [vector for vector in read(GALERNE) if vector["keys"]]
        server = Galerne()
        self.addCleanup(server.stop)
        publisher = Publisher(server)
        for vector in vectors:
            event = progress(vector["name"], None)
            event["attributes"]["payload"] = vector["payload"]
            publisher.publish(event)
        for vector in vectors:
            with self.subTest(vector["name"]):
                client = client_of(server)
                config = encoding("full", *vector["keys"])
                asyncio.run(configure_workflow_encoding(config, client=client, namespace="default"))
                request = {"workflow_exec_id": vector["name"]}
                (event,) = client.workflows.events.get_workflow_events(**request).events
                payload = event.attributes.payload.model_dump(mode="json", by_alias=True)
                self.assertEqual(payload["value"], vector["decoded"])
                self.assertEqual(payload["encoding_options"], [])
