"""Workflows that make the worker send every type of event that it can send."""

import asyncio
import os
from datetime import timedelta

import mistralai.workflows as workflows
from pydantic import BaseModel

with workflows.workflow.unsafe.imports_passed_through():
    from mistralai.extra.workflows.encoding.models import EncryptedStrField

TEXT = "Bonjour Ada, voilà l'été à Noël 😀 👩\u200d👩\u200d👧 日本 fin."
LARGE = 750_000  # times two bytes of UTF-8


class Name(BaseModel):
    name: str = "Ada"


class Rounds(BaseModel):
    left: int


@workflows.activity()
async def stream_tokens(name: str) -> str:
    """Streams tokens of three bytes, which split letters and emoji."""
    encoded = TEXT.encode()
    async with workflows.task("assistant_message", state=_message("")) as message:
        for end in range(3, len(encoded) + 3, 3):
            await message.set_state(_message(encoded[:end].decode(errors="replace")))
    return f"{TEXT} {name}"


def _message(text):
    return {"contentChunks": [{"type": "text", "text": text}]}


@workflows.activity()
async def split_an_emoji(name: str) -> str:
    """Splits an emoji into surrogates, like JavaScript tokens."""
    async with workflows.task("half_emoji", state={"text": "before "}) as half:
        await half.set_state({"text": "before \ud83d"})
    async with workflows.task("whole_emoji", state={"text": "before "}) as whole:
        await whole.set_state({"text": "before 😀"})
    return name


@workflows.activity()
async def change_shape(name: str) -> dict:
    state = {"name": name, "draft": {"pages": [1, 2, 3], "a/b~c": "é"}, "note": "x", "count": 1}
    async with workflows.task("shape", state=state) as shape:
        await shape.set_state({**state, "note": None})
        await shape.set_state({**state, "note": None, "more": None, "draft": {"pages": [2]}})
        await shape.set_state({"count": 1e-7, "big": 9_007_199_254_740_993})
    return {"kept": None, "numbers": [0.1, 1e21, -0.0]}


@workflows.activity()
async def keep_a_secret(name: str) -> str:
    async with workflows.task("secret", state={"open": "é", "token": _secret("first")}) as secret:
        await secret.set_state({"open": "è", "token": _secret(f"second, {name} 😀")})
    return "kept"


def _secret(text):
    return EncryptedStrField(data=text).model_dump(mode="json")


attempts: dict[str, int] = {}


@workflows.activity(retry_policy_max_attempts=3, retry_policy_backoff_coefficient=1.0)
async def fail_twice(key: str) -> int:
    attempts[key] = attempts.get(key, 0) + 1
    if attempts[key] < 3:
        raise RuntimeError(f"attempt {attempts[key]} failed, désolé")
    return attempts[key]


@workflows.activity(retry_policy_max_attempts=1)
async def fail(name: str) -> None:
    async with workflows.task("doomed", state={"step": 0}) as doomed:
        await doomed.set_state({"step": 1})
        raise RuntimeError(f"{name} fails, hélas")


@workflows.activity()
async def count(part: int) -> int:
    async with workflows.task("count", state={"part": part, "at": 0}) as counting:
        for at in range(1, 26):
            await counting.set_state({"part": part, "at": at})
    return part


@workflows.activity()
async def count_until(file: str) -> int:
    at = 0
    async with workflows.task("count", state={"at": at}) as counting:
        while not os.path.exists(file):
            at += 1
            await counting.set_state({"at": at})
            await asyncio.sleep(0.05)
    return at


@workflows.activity()
async def answer_large(name: str) -> str:
    return "é" * LARGE


@workflows.workflow.define(name="tour", workflow_display_name="La visite guidée")
class Tour:
    @workflows.workflow.entrypoint
    async def run(self, name: str) -> dict:
        async with workflows.task("todo_list", state={"items": [], "title": None}) as list_:
            said = await stream_tokens(name)
            await list_.set_state({"items": [{"id": "1", "status": "done", "title": "Écouter"}]})
            shape = await change_shape(name)
            secret = await keep_a_secret(name)
            await list_.set_state({"items": []})
        tries = await fail_twice(str(workflows.workflow.uuid4()))
        with workflows.run_activities_locally():
            tries += await fail_twice(str(workflows.workflow.uuid4()))
        return {"said": said, "shape": shape, "secret": secret, "tries": tries}


@workflows.workflow.define(name="emoji")
class Emoji:
    @workflows.workflow.entrypoint
    async def run(self, name: str) -> str:
        return await split_an_emoji(name)


@workflows.workflow.define(name="parent")
class Parent:
    @workflows.workflow.entrypoint
    async def run(self, name: str) -> str:
        for child in ("élève", "enfant"):
            await workflows.execute_workflow(
                Greeting, Name(name=child), execution_id=f"{workflows.get_execution_id()}/{child}"
            )
        return name


@workflows.workflow.define(name="greeting")
class Greeting:
    @workflows.workflow.entrypoint
    async def run(self, name: str) -> str:
        return await stream_tokens(name)


@workflows.workflow.define(name="rounds")
class InRounds:
    @workflows.workflow.entrypoint
    async def run(self, left: int) -> str:
        await count(left)
        if left:
            workflows.workflow.continue_as_new(Rounds(left=left - 1))
        return "done"


@workflows.workflow.define(name="doomed")
class Doomed:
    @workflows.workflow.entrypoint
    async def run(self, name: str) -> None:
        await fail(name)


@workflows.workflow.define(name="parallel")
class Parallel:
    @workflows.workflow.entrypoint
    async def run(self, name: str) -> list[int]:
        return await workflows.execute_activities_in_parallel(count, items=[1, 2, 3, 4])


@workflows.workflow.define(name="large")
class Large:
    @workflows.workflow.entrypoint
    async def run(self, name: str) -> str:
        return await answer_large(name)


@workflows.workflow.define(name="long")
class Long:
    @workflows.workflow.entrypoint
    async def run(self, until: str) -> int:
        return await count_until(until)


@workflows.workflow.define(name="sleeper")
class Sleeper:
    @workflows.workflow.entrypoint
    async def run(self, name: str) -> None:
        await workflows.workflow.sleep(timedelta(hours=1))


ALL = [Tour, Emoji, Parent, Greeting, InRounds, Doomed, Parallel, Large, Long, Sleeper]
