"""Checks that the language server completes the same dialects as colt5-opt knows.

usage: lsp_dialects.py SERVER OPT
"""
import json
import re
import subprocess
import sys

REQUESTS = [
    {"id": 0, "method": "initialize",
     "params": {"processId": 1, "rootPath": "mlir", "capabilities": {}, "trace": "off"}},
    {"method": "textDocument/didOpen",
     "params": {"textDocument": {"uri": "test:///a.mlir", "languageId": "mlir", "version": 1,
                                 "text": "func.func @f() {\n  \n}\n"}}},
    {"id": 1, "method": "textDocument/completion",
     "params": {"textDocument": {"uri": "test:///a.mlir"}, "position": {"line": 1, "character": 2}}},
    {"id": 2, "method": "shutdown"},
    {"method": "exit"},
]


def frame(message):
    body = json.dumps({"jsonrpc": "2.0", **message})
    return f"Content-Length: {len(body)}\r\n\r\n{body}"


def answers(text):
    """The JSON messages in what the server wrote."""
    while "\r\n\r\n" in text:
        head, rest = text.split("\r\n\r\n", 1)
        length = int(re.search(r"Content-Length: (\d+)", head).group(1))
        yield json.loads(rest[:length])
        text = rest[length:]


def main(server, opt):
    run = subprocess.run([server], input="".join(map(frame, REQUESTS)).encode(), capture_output=True, check=True)
    items = next(answer["result"]["items"] for answer in answers(run.stdout.decode()) if answer.get("id") == 1)
    served = {item["label"] for item in items if item.get("detail") == "dialect"}
    listed = subprocess.run([opt, "--show-dialects"], capture_output=True, text=True, check=True).stdout
    known = set(re.findall(r"[\w.]+", listed.split(":", 1)[1])) - {"builtin"}
    print("only in the server:", sorted(served - known - {"builtin"}))
    print("only in opt:", sorted(known - served))
    print("colt5 is served:", "colt5" in served)


main(*sys.argv[1:])
