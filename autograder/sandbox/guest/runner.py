"""The program inside the sandbox: runs a student's cells, then calls their functions with what the grader sends.

It speaks over the two file descriptors it was started with (standard input and output): messages as in ``wire``.
Nothing that it says is believed: its answers are compared with the reference outside.
"""

import contextlib
import os
import resource
import struct
from collections.abc import Callable
from typing import Any

from ..protocol import wire
from ..protocol.observing import as_tensor, as_tensors, observe
from .cells import CellRunner, time_limit
from .recurrent_layers import without_recurrent_layers

MISSING = object()
CELLS: CellRunner | None = None  # the shell that was made beforehand, if one was


class Channel:
    """Messages to and from the grader."""

    def __init__(self) -> None:
        self.source, self.sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nothing, descriptor)

    def receive(self) -> dict[str, Any]:
        head = self.source.read(8)
        if len(head) < 8:
            raise SystemExit
        return wire.from_bytes(self.source.read(struct.unpack(">Q", head)[0]))

    def send(self, message: dict[str, Any]) -> None:
        self.sink.write(wire.to_bytes(message))
        self.sink.flush()


def substitute(channel: Channel, name: str) -> Callable[..., Any]:
    """A function that the grader computes for us: the arguments go out, the result comes back."""

    def call(*args: Any) -> Any:
        channel.send({"call": name, "args": wire.pack(args)})
        reply = channel.receive()
        if "error" in reply:
            raise ValueError(f"{name} was called with arguments that it does not take")
        result = wire.unpack(reply["value"], wire.Decoders(tensor=as_tensor))
        # a student who works in torch gets torch back
        return as_tensors(result) if any(type(arg).__module__.startswith("torch") for arg in args) else result

    return call


def call_function(
    channel: Channel, runner: CellRunner, captured: dict[str, Any], request: dict[str, Any]
) -> dict[str, Any]:
    """Call the student's function as the request says and return the observation."""
    names, namespace = request["substitutes"], runner.shell.user_ns
    function = captured.get(request["function"], MISSING)
    if function is MISSING:
        return {"error": "NoSuchFunction"}
    own = {name: namespace.get(name, MISSING) for name in names}
    namespace.update({name: substitute(channel, name) for name in names})
    try:
        # the limit is the inner one: its interrupt must not leave a refusal behind
        refusal = contextlib.nullcontext() if request["library"] else without_recurrent_layers()
        with refusal, time_limit(request["seconds"]):
            return observe(function, request["args"], request["strict"], lambda name: substitute(channel, name))
    except BaseException:
        return {"error": "TimeLimit"}
    finally:
        for name, value in own.items():
            if value is MISSING:
                namespace.pop(name, None)
            else:
                namespace[name] = value


def limit(limits: dict[str, int]) -> None:
    """Lower this process's own limits for good: bytes of memory and of a file, processes, seconds of CPU."""
    for name, value in limits.items():
        kind = getattr(resource, f"RLIMIT_{name}")
        _, hard = resource.getrlimit(kind)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (value, value))


def main(channel: Channel | None = None) -> None:
    channel = channel or Channel()
    runner = CELLS or CellRunner()
    captured: dict[str, Any] = {}
    limit(channel.receive()["limits"])
    channel.send({"ready": True})
    while True:
        message = channel.receive()
        if message["do"] == "cell":
            error, outputs = runner.run(message["source"], message["seconds"])
            channel.send({"error": error, "outputs": outputs})
        elif message["do"] == "capture":
            # the function as it is now, where its test stands, whatever later cells do with the name
            if message["name"] in runner.shell.user_ns:
                captured[message["name"]] = runner.shell.user_ns[message["name"]]
            channel.send({"captured": message["name"] in captured})
        else:
            runner.drop_output()
            channel.send({"observation": call_function(channel, runner, captured, message)})


if __name__ == "__main__":
    main()
