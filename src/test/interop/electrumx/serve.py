"""ElectrumX (PyPI "e-x") in front of a btcd regtest node.

btcd answers only requests that say which JSON-RPC they speak, takes no booleans for numbers, and
knows fewer calls than Bitcoin Core: the daemon here minds that, and answers what is missing. Settings come from the environment, as
ElectrumX documents them.
"""
import asyncio
import logging
import os

from electrumx.lib import coins
from electrumx.server.controller import Controller
from electrumx.server.daemon import Daemon
from electrumx.server.env import Env


class BtcdDaemon(Daemon):
    async def _send(self, payload, processor):
        for single in payload if isinstance(payload, list) else [payload]:
            single["jsonrpc"] = "1.0"
            single["params"] = [
                int(value) if isinstance(value, bool) else value for value in single.get("params", [])
            ]
        return await super()._send(payload, processor)

    async def getnetworkinfo(self):
        return {"version": 290000, "relayfee": 0.00001, "incrementalrelayfee": 0.00001}

    async def getmempoolinfo(self):
        return {"mempoolminfee": 0.00001, "minrelaytxfee": 0.00001, "incrementalrelayfee": 0.00001}


class BtcdRegtest(coins.BitcoinRegtest):
    NAME = "BitcoinBtcd"
    DAEMON = BtcdDaemon
    MIN_REQUIRED_DAEMON_VERSION = None
    REQUIRED_DAEMON_INDEXES = ()


def main():
    logging.basicConfig(level=logging.INFO, format="%(levelname)s:%(name)s:%(message)s")
    os.makedirs(os.environ["DB_DIRECTORY"], exist_ok=True)
    asyncio.run(Controller(Env(BtcdRegtest)).run())


if __name__ == "__main__":
    main()
