"""Raw messages of JSON-RPC."""

PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}


def call_of(name, **arguments):
    params = {"name": name, "arguments": arguments}
    return {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params}
