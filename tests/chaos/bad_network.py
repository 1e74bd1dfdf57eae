"""A TCP proxy that misbehaves: delays, stalls, resets, swallows one direction, trickles. Standard library only."""

import asyncio
import random
import socket
import struct
import threading

MODES = ("fine", "slow", "trickle", "stalled", "up-lost", "down-lost", "reset", "refused")


class BadNetwork:
    """Listens on `port` of loopback and carries bytes to `target`; `mode` says how badly, from now on."""

    def __init__(self, target, seed=0):
        self.target, self.random = target, random.Random(seed)
        self.mode, self.connections = "fine", set()
        self.loop = asyncio.new_event_loop()
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.socket.close()

    def set(self, mode):
        """Changes the weather; `reset` ends every connection at once, by RST."""
        assert mode in MODES, mode
        self.mode = mode
        if mode in ("reset", "refused"):
            self.loop.call_soon_threadsafe(self._reset_all)

    def _run(self):
        asyncio.set_event_loop(self.loop)
        self.loop.create_task(asyncio.start_server(self._serve, sock=self.socket))
        self.loop.run_forever()
        self.loop.set_exception_handler(lambda *_: None)  # what is cut off now may complain
        tasks = asyncio.all_tasks(self.loop)
        for task in tasks:
            task.cancel()
        self.loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))

    def _reset_all(self):
        for writer in list(self.connections):
            if not writer.transport.is_closing():
                linger = struct.pack("ii", 1, 0)  # close by RST
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            writer.transport.abort()

    async def _serve(self, reader, writer):
        self.connections.add(writer)
        try:
            if self.mode == "refused":
                return writer.transport.abort()
            host, port = self.target().rsplit(":", 1)
            there_reader, there = await asyncio.open_connection(host, int(port))
            self.connections.add(there)
            await asyncio.gather(self._carry(reader, there, "up"), self._carry(there_reader, writer, "down"))
        except OSError:
            pass
        finally:
            self.connections.discard(writer)
            writer.transport.abort()

    async def _carry(self, source, sink, direction):
        while data := await source.read(65536):
            while self.mode == "stalled":
                await asyncio.sleep(0.02)
            if self.mode == f"{direction}-lost":
                continue
            if self.mode == "slow":
                await asyncio.sleep(self.random.uniform(0, 0.3))
            for piece in ([data] if self.mode != "trickle" else [data[i:i + 200] for i in range(0, len(data), 200)]):
                sink.write(piece)
                await sink.drain()
                if self.mode == "trickle":
                    await asyncio.sleep(0.01)
        sink.transport.abort()
