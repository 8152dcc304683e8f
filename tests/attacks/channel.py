"""Forging what the grader hears: the messages from the sandbox, their form, their number."""

from tests.attacks.attack import Attack

FIND = """
import gc, os, sys
from sandbox.protocol import wire
channel = next(item for item in gc.get_objects() if type(item).__name__ == "Channel")
honest = channel.send
"""
SEND = FIND + "def send(message):\n{}\n    honest(message)\nchannel.send = send\n"

ATTACKS = (
    Attack(
        "claims_points",
        "adds points, a score and full marks to every message",
        "first",
        solved="first",
        cell=SEND.format(
            "    message |= {'points': 100, 'score': 100, 'captured': True}\n"
            "    if 'error' in message.get('observation', {}):\n"
            "        message['observation'] = {'value': True, 'again': True, 'inputs': {'tuple': []}, 'points': 9}"
        ),
    ),
    Attack(
        "replies_before_it_is_asked",
        "writes two hundred forged answers ahead of the questions",
        "nothing",
        cell=FIND + "for _ in range(200):\n    honest({'observation': {'value': 0.5, 'again': 0.5, 'inputs': []}})",
    ),
    Attack(
        "writes_rubbish_into_the_channel",
        "writes bytes that are no message to every open descriptor",
        "nothing",
        says="your code",
        cell="import os\nfor n in range(3, 40):\n    try:\n        os.write(n, bytes(7) + b'\\x05hello')\n    except OSError:\n        pass",
    ),
    Attack(
        "announces_a_message_without_end",
        "announces a message of 2^60 bytes",
        "nothing",
        says="more than the grader takes",
        cell=FIND + "channel.sink.write((2**60).to_bytes(8, 'big'))\nchannel.sink.flush()",
    ),
    Attack(
        "millions_of_empty_lists",
        "sends one message of fifteen megabytes, five million empty lists, which would take the grader seconds and 700 MB",
        "nothing",
        says="your code",
        cell=FIND
        + "body = b'{\"outputs\":[' + b'[],' * (5 * 10**6) + b'[]]}'\nchannel.sink.write(len(body).to_bytes(8, 'big') + body)\nchannel.sink.flush()",
    ),
    Attack(
        "stops_in_the_middle_of_a_message",
        "sends half of a message and waits",
        "nothing",
        says="",
        cell=FIND
        + "import time\nchannel.sink.write((100).to_bytes(8, 'big') + b'{')\nchannel.sink.flush()\nos.close(channel.sink.fileno())\ntime.sleep(60)",
    ),
    Attack(
        "error_that_is_no_name",
        "names the error of each cell by a list, which is no name",
        "all",
        cell=SEND.format("    if 'outputs' in message:\n        message['error'] = [{'a': 1}]"),
    ),
    Attack(
        "outputs_of_every_wrong_kind",
        "forges outputs with scripts, wrong types and a score of their own",
        "all",
        cell=SEND.format(
            "    if 'outputs' in message:\n"
            "        html = '<scr' + 'ipt>steal()</scr' + 'ipt>'\n"
            "        message['outputs'] = [5, None, [], {'output_type': 'stream', 'text': {'a': 1}},\n"
            "            {'output_type': 'execute_result', 'data': {'text/html': html, 'text/plain': ['100.0']}},\n"
            "            {'output_type': 'display_data', 'data': {'image/png': html, 'application/javascript': html}},\n"
            "            {'output_type': 'error', 'ename': html, 'evalue': html, 'traceback': [html]}]"
        ),
    ),
    Attack(
        "outputs_past_the_runner",
        "sends seven megabytes of output with each of twenty cells",
        "all",
        cell=SEND.format(
            "    if 'outputs' in message:\n"
            "        message['outputs'] = [{'output_type': 'stream', 'name': 'stdout', 'text': 'x' * 7_000_000}]"
        ),
        change=lambda notebook: notebook | {"cells": notebook["cells"] + [code("1")] * 20},
    ),
    Attack(
        "observations_of_every_wrong_kind",
        "forges observations that are no observations: impossible shapes, endless numbers, wrong types, unknown kinds",
        "nothing",
        cell=SEND.format(
            "    if 'observation' in message:\n        forged = wrong.pop()\n        wrong.insert(0, forged)\n"
            "        whole = {'value': forged, 'again': forged, 'inputs': forged}\n"
            "        message['observation'] = forged if len(turns) % 3 == 0 else whole\n        turns.append(1)"
        )
        + "turns, wrong = [], [None, 5, 'x', [], {}, [[]], 10**4000, -10**30, 1e999, float('nan'), {'array': 5}, {'array': ['<f8', [0, 2**32 - 1, 2**32 - 1, 2**32 - 1], '']},\n"
        "    {'array': ['|O', [1], 'AAAA']}, {'array': ['<f8', [-1], '']}, {'tensor': ['<i8', [], 'AAAAAAAAAIA=']}, {'tuple': [10**4000] * 3}, {'dict': [['output', 1]]},\n"
        "    {'dict': [[1, 2]]}, {'module': ['RNN', None, None]}, {'module': ['LSTM', 5, {'dict': [['weight_ih_l0', 'x']]}]}, {'open': ['cell', {'dict': []}]}, {'open': [5, 5]},\n"
        "    {'named': 'rnn_step'}, {'other': 'x'}, {'text': '\\ud800'}, {'error': ['x']}, {'error': 'x' * 10**6}, {'pickle': 'gASVAAAA'}, {'list': [{'list': [{}]}]}]",
    ),
    Attack(
        "sends_descriptors",
        "sends open descriptors along with its messages, which would fill the grader's table of them",
        "all",
        cell=FIND
        + "import socket, stat\nif stat.S_ISSOCK(os.fstat(channel.sink.fileno()).st_mode):\n    way = socket.socket(fileno=os.dup(channel.sink.fileno()))\n"
        + "    def send(message):\n        data, kept = wire.to_bytes(message), [os.open('/dev/null', os.O_RDONLY) for _ in range(100)]\n"
        + "        socket.send_fds(way, [data[:1]], kept)\n        way.sendall(data[1:])\n        for n in kept:\n            os.close(n)\n    channel.send = send",
    ),
    Attack(
        "prints_half_a_character",
        "prints a lone surrogate, which no file in UTF-8 can hold",
        "all",
        cell="print('\\ud800')",
    ),
    Attack(
        "closes_the_channel",
        "closes every descriptor",
        "nothing",
        says="ended the process",
        cell="import os\nos.closerange(0, 1024)",
    ),
    Attack(
        "asks_for_the_references",
        "asks the grader to compute each exercise for it, as it does where an earlier one is wrong",
        "nothing",
        solved="none",
        solution=FIND
        + "def rnn_forward(a, *others):\n    for name in ('rnn_step', 'rnn_forward', '__class__'):\n"
        + "        honest({'call': name, 'args': wire.pack((a,))})\n        reply = channel.receive()\n"
        + "        if 'value' in reply:\n            return wire.unpack(reply['value'])\n    raise ValueError(reply)",
    ),
    Attack(
        "keeps_a_reference_for_later",
        "keeps the right rnn_step that is given for its own wrong one, and calls it where it was not offered",
        "first",
        solved="first",
        solution="kept = []\ndef rnn_forward(x, h0, W, U, b):\n    kept.append(rnn_step)\n    raise ValueError",
        where="rnn_forward",
        change=lambda notebook: with_source(
            notebook,
            "load_into_torch_rnn_solution",
            "def load_into_torch_rnn(W, U, b):\n    return kept[-1](W, U, W, U, b)",
        ),
    ),
    Attack(
        "asks_without_end",
        "answers a question with question after question",
        "nothing",
        says="your code",
        where="rnn_step",
        solution=FIND
        + "def rnn_step(a, *others):\n    while True:\n        try: honest({'call': 'x', 'args': {'tuple': []}}); channel.receive()\n"
        "        except BaseException: pass",
    ),
)


def code(source):
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}


def with_source(notebook, identity, source):
    for cell in notebook["cells"]:
        if cell.get("id") == identity:
            cell["source"] = source
    return notebook
