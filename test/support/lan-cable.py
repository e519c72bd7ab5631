"""
A bad cable between a host and the switch of lan.ts: frames come late, out of order, not at all, or no multicast passes.

The kernel's netem does the same to the first three, but many kernels are built without it; this needs /dev/net/tun only.

    python3 lan-cable.py '{"hosts": [1, 2], "delayMs": 50, "jitterMs": 20, "lossPercent": 2, "multicast": true, "seed": 1}'

Makes, for each host N, the ends `wireN` (for the host) and `portN` (for the switch), prints `ready`, and carries frames
until it is killed. Every frame is delayed once, when it leaves its host; what comes back was delayed by the other cable.
Each frame waits for a time of its own within delay ± jitter, so that they overtake each other, as with netem.
"""

import fcntl
import heapq
import json
import os
import random
import select
import struct
import sys
import time

TUNSETIFF = 0x400454CA
IFF_TAP = 0x0002
IFF_NO_PI = 0x1000
LARGEST_FRAME_BYTES = 65_536
# In these an Ethernet address's first bit is set; broadcast is one of them too, and ARP needs it.
BROADCAST = b"\xff" * 6


def end_of_cable(name):
    """A network interface whose frames this program sends and receives."""
    end = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(end, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TAP | IFF_NO_PI))
    return end


def is_multicast(frame):
    return bool(frame[0] & 1) and frame[:6] != BROADCAST


def put(end, frame):
    try:
        os.write(end, frame)
    except OSError:
        pass  # that interface is down: the frame is lost, as it would be


def main():
    options = json.loads(sys.argv[1])
    delay, jitter = options["delayMs"] / 1_000, options["jitterMs"] / 1_000
    loss, multicast = options["lossPercent"] / 100, options["multicast"]
    chance = random.Random(options["seed"])
    across = {}  # from one end to the other
    from_host = set()
    for host in options["hosts"]:
        wire, port = end_of_cable(f"wire{host}"), end_of_cable(f"port{host}")
        across[wire], across[port] = port, wire
        from_host.add(wire)
    print("ready", flush=True)

    under_way = []  # (time of arrival, number, end, frame); the number keeps frames of one time in order
    number = 0
    while True:
        wait = max(0, under_way[0][0] - time.monotonic()) if under_way else None
        for end in select.select(list(across), [], [], wait)[0]:
            try:
                frame = os.read(end, LARGEST_FRAME_BYTES)
            except OSError:
                continue
            if is_multicast(frame) and not multicast:
                continue
            if end not in from_host:
                put(across[end], frame)
            elif chance.random() >= loss:
                arrival = time.monotonic() + delay + jitter * (2 * chance.random() - 1)
                number += 1
                heapq.heappush(under_way, (arrival, number, across[end], frame))
        while under_way and under_way[0][0] <= time.monotonic():
            _, _, end, frame = heapq.heappop(under_way)
            put(end, frame)


main()
