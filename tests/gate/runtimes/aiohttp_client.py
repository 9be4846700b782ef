import asyncio
import sys

import aiohttp


async def main(url, auth, body):
    headers = {"Authorization": auth, "Content-Type": "application/json"}
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
        sys.stdout.write(str(answer.status))


asyncio.run(main(*sys.argv[1:]))
