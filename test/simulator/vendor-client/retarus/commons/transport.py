"""Behaves like the vendor's own transport, as far as known.

It sends a body even when acknowledging, encodes credentials in URL-safe base64, and decodes JSON and plain text.
"""
import base64

import aiohttp

from .config import Configuration
from .exceptions import RetarusSDKError


class Transporter:
    def __init__(self, uris):
        self.base = uris[0].ha_uri + "/rest/v1/"

    async def post(self, path, payload, query_params):
        return await self.ask("POST", path, json=payload, params=query_params)

    async def get(self, path):
        return await self.ask("GET", path)

    async def ask(self, method, path, **options):
        credentials = f"{Configuration.user}:{Configuration.password}".encode()
        headers = {"Authorization": "Basic " + base64.urlsafe_b64encode(credentials).decode()}
        async with aiohttp.ClientSession(headers=headers) as session:
            async with session.request(method, self.base + path.lstrip("/"), **options) as response:
                if response.status not in (200, 201):
                    raise RetarusSDKError(response.status)
                if response.content_type == "application/json":
                    return await response.json()
                if response.content_type == "text/plain":
                    return await response.text()
                return await response.read()
