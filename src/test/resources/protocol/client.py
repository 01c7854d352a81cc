"""A client of the node in Python, written from docs/protocol.md alone.

client.py SOCKET FILE: asks for the status, a query, two requests at once, a file, a cancel, an unknown kind.
"""
import base64
import json
import socket
import struct
import sys


class Connection:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.connect(path)
        self.send({"type": "hello", "protocol": 1, "version": "client.py", "build": "none", "pid": 0})
        assert self.receive()["type"] == "hello"

    def send(self, message):
        text = json.dumps(message).encode("utf-8")
        self.socket.sendall(struct.pack(">I", len(text)) + text)

    def exactly(self, count):
        parts = b""
        while len(parts) < count:
            part = self.socket.recv(count - len(parts))
            if not part:
                raise EOFError("the daemon closed")
            parts += part
        return parts

    def receive(self):
        (length,) = struct.unpack(">I", self.exactly(4))
        return json.loads(self.exactly(length))

    def ask(self, id, kind, body):
        self.send({"type": "ask", "id": id, "kind": kind, "body": body})

    def answers(self, id, files=None):
        """Everything up to the closing answer, serving files meanwhile."""
        streamed, reading = [], {}
        while True:
            message = self.receive()
            if message.get("id") != id:
                continue
            if message["type"] == "credit":
                self.upload(id, message["handle"], message["bytes"], reading)
            elif message["type"] == "file-close":
                reading.pop(message["handle"]).close()
            elif message["type"] == "answer" and message["kind"] == "wanted":
                wanted = message["body"]
                try:
                    reading[wanted["handle"]] = open(wanted["name"], "rb")
                except OSError as error:
                    self.send({"type": "file-failed", "id": id, "handle": wanted["handle"], "reason": error.strerror})
            elif message["type"] == "answer" and message.get("closing"):
                return streamed, message
            elif message["type"] == "answer":
                streamed.append(message)

    def upload(self, id, handle, credit, reading):
        while handle in reading and credit > 0:
            data = reading[handle].read(min(65536, credit))
            credit -= len(data)
            end = not data
            self.send({"type": "file-chunk", "id": id, "handle": handle,
                       "bytes": base64.b64encode(data).decode("ascii"), "end": end})
            if end:
                reading.pop(handle).close()


def main():
    node = Connection(sys.argv[1])
    node.ask(1, "status", {})
    print("status", node.answers(1)[1]["body"]["state"])
    node.ask(2, "query", {"text": "grüße 🜚", "limits": {}})
    streamed, closing = node.answers(2)
    print("query", streamed[0]["body"]["names"], streamed[1]["body"]["rows"], closing["kind"])
    node.ask(3, "query", {"text": "rows 100000", "limits": {}})
    rows = sum(len(message["body"].get("rows", [])) for message in node.answers(3)[0])
    print("rows", rows)
    node.ask(4, "import", {"files": [sys.argv[2], "/does/not/exist"], "into": "r"})
    print("import", node.answers(4)[1]["body"]["diagnostics"][0]["code"])
    node.ask(4, "import", {"files": [sys.argv[2]], "into": "r"})
    print("import", node.answers(4)[1]["body"]["asserted"])
    node.ask(5, "query", {"text": "wait", "limits": {}})
    node.send({"type": "cancel", "id": 5})
    print("cancel", node.answers(5)[1]["body"]["diagnostics"][0]["code"])
    node.send({"type": "ponder", "id": 5})
    node.ask(6, "fly", {})
    print("unknown", node.answers(6)[1]["body"]["diagnostics"][0]["code"])
    node.ask(7, "stop", {})
    print("malformed", node.answers(7)[1]["body"]["diagnostics"][0]["code"])


main()
