#!/usr/bin/env python3
"""
A miner in another language: asks a node for a template, finds a nonce, hands it in, and is paid.

What to watch: the node never sees a key and asks for no token. The work is the proof: the hash that is printed begins
with the zeros that it bought, and the balance of the account grows by what the block pays.

    python3 examples/external-miner.py http://127.0.0.1:5050 [cairn1…]     without an account: the node's own

Made for network `local`, two hashes a block (`npm start -- --network local`); on `lan` it takes a few seconds a block.
What is hashed are the 92 bytes of a header, little-endian:

    offset  bytes
         0      4  version, 1
         4      4  height
         8     32  parent: hash of the block before
        40     32  body root: commits to the miner and the transactions
        72      8  timestamp, ms since 1970: may advance, and is handed in then
        80      4  bits: the target in compact form
        84      8  nonce: what varies, at most 2^53 − 1

Left out: more than one processor, and asking for another template every few seconds, as a miner of long blocks does.
"""
import hashlib, json, struct, sys, urllib.request

node = sys.argv[1].rstrip("/") + "/api/v1"

def ask(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(node + path, data, {"Content-Type": "application/json"} if data else {})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)

account = sys.argv[2] if len(sys.argv) > 2 else ask("/status")["account"]
template = ask("/mining/template?miner=" + account)
header, target = bytearray.fromhex(template["header"]), bytes.fromhex(template["target"])
print(f"block {template['height']} pays {template['pays']} to {account[:12]}…, if its hash is at most {template['target'][:12]}…")
nonce = 0
while hashlib.sha256(header).digest() > target:  # bytes compare as big-endian numbers
    nonce += 1
    struct.pack_into("<Q", header, 84, nonce)
mined = ask("/mining/submit", {"id": template["id"], "nonce": nonce})
print(f"nonce {nonce}, after {nonce + 1} hashes: block {mined['height']} is {mined['hash']}")
print(f"the account owns {ask('/accounts/' + account)['balance']}")
