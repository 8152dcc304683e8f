"""Reaching anything over a network. The only thing there is to reach is a listener that the test opened on 127.0.0.1."""

from tests.attacks.attack import Attack

TRIED = "import socket\ndef tried(what, act):\n    try:\n        print(got, what, act())\n    except Exception as error:\n        print(what, type(error).__name__)\n"


def attack(name, tries, cell):
    return Attack(name, tries, "all", cell=TRIED + cell)


ATTACKS = (
    attack(
        "connects_by_tcp",
        "connects to the listener by TCP",
        "tried('tcp', lambda: socket.create_connection(('127.0.0.1', <port>), 1).send(b'x'))",
    ),
    attack(
        "connects_by_tcp_over_ipv6",
        "connects to the listener by the IPv6 form of its address",
        "for address in ('::1', '::ffff:127.0.0.1'):\n    tried(address, lambda: socket.create_connection((address, <port>), 1).send(b'x'))",
    ),
    attack(
        "sends_datagrams",
        "sends datagrams to the listener, connected and not",
        "for family, address in ((socket.AF_INET, '127.0.0.1'), (socket.AF_INET6, '::ffff:127.0.0.1')):\n"
        "    print(socket.socket(family, socket.SOCK_DGRAM).sendto(b'x', (address, <port>)))",
    ),
    attack(
        "connects_to_sockets_in_files",
        "connects to the listener's socket in the course's folder, by its path and by a link",
        "import os\nos.symlink('<root>', 'way')\nfor path in ('<root>/listener', 'way/listener'):\n"
        "    def connect():\n        meeting = socket.socket(socket.AF_UNIX)\n        meeting.connect(path)\n        return meeting.send(b'x')\n    tried(path, connect)",
    ),
    attack(
        "connects_to_an_abstract_socket",
        "connects to the listener's abstract socket",
        "def connect():\n    meeting = socket.socket(socket.AF_UNIX)\n    meeting.connect('\\0<token>')\n    return meeting.send(b'x')\ntried('abstract', connect)",
    ),
    attack(
        "opens_sockets_of_every_family",
        "opens sockets of all families and kinds: raw, packets, virtual machines, Bluetooth, ciphers",
        "opened = set()\nfor family in range(1, 50):\n    for kind in (1, 2, 3, 4, 5, 6, 10):\n        try:\n            socket.socket(family, kind).close()\n            opened.add(family)\n        except OSError:\n            pass\n"
        "print('FAMILIES', sorted(opened))\nprint(got, sorted(opened - {1})) if opened - {1} else None",
    ),
    attack(
        "asks_a_library_to_connect",
        "asks urllib and programs of the system for the listener's page",
        "import subprocess, urllib.request\ntried('urllib', lambda: urllib.request.build_opener(urllib.request.ProxyHandler({})).open('http://127.0.0.1:<port>/', timeout=1))\n"
        "for line in (['curl', '--noproxy', '*', '-m', '1'], ['wget', '--no-proxy', '-T', '1', '-O', '-'], ['git', 'ls-remote']):\n"
        "    tried(line[0], lambda: subprocess.run([*line, 'http://127.0.0.1:<port>/'], capture_output=True, timeout=3).check_returncode())\n"
        "tried('bash', lambda: subprocess.run(['bash', '-c', 'echo x > /dev/tcp/127.0.0.1/<port>'], timeout=3, capture_output=True).check_returncode())",
    ),
    attack(
        "builds_a_network",
        "sets up its network's cards anew, each as it is already, by ioctl and by netlink",
        "import fcntl, os, struct\nplug = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\nfor name in ('lo',):\n"
        "    for ask, tell in ((0x8913, 0x8914), (0x8915, 0x8916)):\n        def again():\n"
        "            return fcntl.ioctl(plug, tell, fcntl.ioctl(plug, ask, struct.pack('16s24x', name.encode())))\n        tried(name, again)\n"
        "tried('tun', lambda: os.close(os.open('/dev/net/tun', os.O_RDWR)))\n"
        "def again():\n    wire, body = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0), struct.pack('BxHiII', 0, 0, 1, 0, 0)\n"
        "    wire.send(struct.pack('IHHII', 16 + len(body), 16, 5, 1, 0) + body)\n    error = struct.unpack_from('i', wire.recv(4096), 16)[0]\n"
        "    if error:\n        raise OSError(-error, 'netlink')\ntried('netlink', again)",
    ),
    attack(
        "connects_from_torch",
        "opens torch's store for distributed training at the listener's port",
        "from datetime import timedelta\ndef store():\n    from torch.distributed import TCPStore\n    return TCPStore('127.0.0.1', <port>, is_master=False, timeout=timedelta(seconds=1))\ntried('torch', store)",
    ),
)
