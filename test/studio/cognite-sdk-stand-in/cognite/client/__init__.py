"""Stands in for cognite-sdk, which the package index of the tests may lack: what client.post and client.get send.

Written after the requests that the SDK was recorded with (suites/compat/sdk-requests.jsonl), which a test compares
with what is sent here, and the documented signatures of the SDK.
"""

import gzip
import json as json_module
from urllib.request import Request, urlopen


class ClientConfig:
    def __init__(self, client_name, project, credentials, *, base_url):
        self.client_name = client_name
        self.project = project
        self.credentials = credentials
        self.base_url = base_url


class Response:
    def __init__(self, content):
        self.content = content

    def json(self):
        return json_module.loads(self.content)


class CogniteClient:
    def __init__(self, config):
        self.config = config

    def post(self, url, json, params=None, headers=None):
        body = json_module.dumps(json, separators=(",", ":")).encode()
        return self._send("POST", url, headers, gzip.compress(body), {"Content-Encoding": "gzip"})

    def get(self, url, params=None, headers=None):
        return self._send("GET", url, headers, None, {})

    def _send(self, method, url, headers, data, more):
        name, value = self.config.credentials.authorization_header()
        all_headers = {
            "content-type": "application/json",
            "accept": "application/json",
            "x-cdp-sdk": "CognitePythonSDK:8.13.0",
            "x-cdp-app": self.config.client_name,
            "cdf-version": "20230101",
            name: value,
            **(headers or {}),
            **more,
        }
        request = Request(self.config.base_url + url, data, all_headers, method=method)
        with urlopen(request) as answer:
            return Response(answer.read())
