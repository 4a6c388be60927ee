#!/usr/bin/python3
"""Passes on what comes at one address to another: relay.py HOST PORT TO_HOST TO_PORT"""

import asyncio
import sys


async def main() -> None:
    host, port, to_host, to_port = sys.argv[1:]

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(to_host, int(to_port))
        await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))

    server = await asyncio.start_server(serve, host, int(port))
    await server.serve_forever()


asyncio.run(main())
