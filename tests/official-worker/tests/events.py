"""Sent and stored events as exact text, including numbers."""

import base64
import json
import urllib.parse
import urllib.request

DEADLINE_SECONDS = 60

# Members that the server adds if a worker omits them.
ADDED = {
    "parent_workflow_exec_id",
    "continued_run_id",
    "first_execution_run_id",
    "schedule_id",
    "chain_run_id",
}


class Members(tuple):
    """The members of a JSON object, in order."""

    def __getitem__(self, name):
        return dict(self)[name]

    def get(self, name):
        return dict(self).get(name)


def exactly(text):
    """Parses JSON and keeps the text of numbers and the order of members."""
    return json.loads(text, parse_float=Spelt, parse_int=Spelt, object_pairs_hook=Members)


class Spelt(str):
    """A number as text, not equal to a string with the same text."""

    def __eq__(self, other):
        return isinstance(other, Spelt) and str.__eq__(self, other)

    __hash__ = str.__hash__


class Sent:
    """An event that a worker sent, and its request."""

    def __init__(self, event, request, place):
        self.event, self.request, self.place = event, request, place
        self.id = event["event_id"]
        self.execution = event["workflow_exec_id"]

    def before(self, other):
        """Whether it preceded the other in a batch, or was answered before the other was sent."""
        if self.request is other.request:
            return self.place < other.place
        return self.request["end"] < other.request["begin"]


def sent_events(worker):
    sent = []
    for request in worker.requests():
        if request["path"].endswith(("/events", "/events/batch")):
            body = exactly(base64.b64decode(request["body"]))
            events = body.get("events") or [body["event"]]
            sent += [Sent(event, request, place) for place, event in enumerate(events)]
    return sent


def stored_events(server, key, **query):
    """Returns the matching events of the key's namespace, in order, over plain HTTP."""
    stored, cursor = [], None
    while True:
        more = {"cursor": cursor} if cursor else {}
        parameters = urllib.parse.urlencode({"limit": 1000, **query, **more})
        request = urllib.request.Request(
            f"{server.url}/v1/workflows/events/list?{parameters}",
            headers={"authorization": f"Bearer {key}"},
        )
        with urllib.request.urlopen(request, timeout=DEADLINE_SECONDS) as response:
            page = exactly(response.read())
        stored += page["events"]
        cursor = page["next_cursor"]
        if not cursor:
            return stored


def without_added(stored, sent):
    """Returns the stored event without the nulls that the server added."""
    names = dict(sent)
    added = {name for name, value in stored if name in ADDED and name not in names and value is None}
    return Members(member for member in stored if member[0] not in added)
