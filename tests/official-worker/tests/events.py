"""Events as text: what a worker sent and what the server stored, number for number."""

import base64
import json
import urllib.parse
import urllib.request

DEADLINE_SECONDS = 60

# What the server adds if a worker left it out.
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
    """JSON with numbers as they are spelt and members in their order."""
    return json.loads(text, parse_float=Spelt, parse_int=Spelt, object_pairs_hook=Members)


class Spelt(str):
    """A number as its text, which differs from a string of the same text."""

    def __eq__(self, other):
        return isinstance(other, Spelt) and str.__eq__(self, other)

    __hash__ = str.__hash__


class Sent:
    """An event that a worker sent, and the request that carried it."""

    def __init__(self, event, request, place):
        self.event, self.request, self.place = event, request, place
        self.id = event["event_id"]
        self.execution = event["workflow_exec_id"]

    def before(self, other):
        """True if the worker had its answer, or put it first, before it sent the other."""
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
    """All events of the key's namespace that match, in order, by plain HTTP."""
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
    """The stored event without the nulls that the server adds."""
    names = dict(sent)
    added = {name for name, value in stored if name in ADDED and name not in names and value is None}
    return Members(member for member in stored if member[0] not in added)
