"""Messages between the coordinator and a worker process, over a socket: eight bytes of length, then bytes."""

import json
import socket
import struct
import time
from typing import Any

from autograder.errors import AutograderError

MAX_MESSAGE = 128 * 2**20  # bytes; the largest is an autograded notebook, see ``running.MAX_OUTPUT``


class ChannelClosed(AutograderError):
    """The other side is gone, answers too late, or sends something that is no message."""


def send(channel: socket.socket, body: bytes) -> None:
    """Send one message.

    Raises:
        ChannelClosed: if nobody takes it.
    """
    try:
        channel.sendall(struct.pack(">Q", len(body)) + body)
    except OSError as error:
        raise ChannelClosed from error


def receive(channel: socket.socket, until: float | None = None) -> bytes:
    """Receive one message.

    Args:
        until: the time, by ``time.monotonic``, by which it must be here.

    Raises:
        ChannelClosed: if it is not.
    """
    [length] = struct.unpack(">Q", _read(channel, 8, until))
    if length > MAX_MESSAGE:
        raise ChannelClosed
    return _read(channel, length, until)


def send_json(channel: socket.socket, value: dict[str, Any]) -> None:
    """Send a small message. Raises as ``send``."""
    send(channel, json.dumps(value, separators=(",", ":")).encode("ascii"))


def receive_json(channel: socket.socket, until: float | None = None) -> dict[str, Any]:
    """Receive a small message. Raises as ``receive``."""
    return json.loads(receive(channel, until))


def _read(channel: socket.socket, count: int, until: float | None) -> bytes:
    data = bytearray()
    while len(data) < count:
        if until is not None:
            if (left := until - time.monotonic()) <= 0:
                raise ChannelClosed
            channel.settimeout(left)
        try:
            piece = channel.recv(min(count - len(data), 1 << 20))
        except OSError as error:  # a timeout is one
            raise ChannelClosed from error
        if not piece:
            raise ChannelClosed
        data += piece
    return bytes(data)
