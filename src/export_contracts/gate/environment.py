"""The environment in which a gated command runs: addresses, credentials, proxy and trust for each runtime.

Writes its files into one folder that the gate removes; names no file outside it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from export_contracts.gate.authority import JAVA_PASSWORD, truststore
from export_contracts.model import Json

NODE_PRELOAD = """\
// Sends TLS connections of this process to the gate, whatever library opens them and whether or not it
// honours proxy variables (the fetch of Node 20 does not). Loaded by NODE_OPTIONS=--require.
const tls = require("node:tls");
const gate = new URL(process.env.EXPORT_CONTRACTS_PROXY);
const connect = tls.connect;
tls.connect = function (...args) {
  let options = args.find((one) => one && typeof one === "object");
  if (typeof args[0] !== "object" && /^\\d+$/.test(args[0])) { // (port, host, options, callback), as HTTP/2 calls it
    const host = typeof args[1] === "string" ? args[1] : options && options.host;
    options = { ...options, port: args[0], host };
    args = [options, ...args.filter((one) => typeof one === "function")];
  }
  if (options && options.host && !options.socket && !/^(localhost|127\\..*|::1)$/.test(options.host)) {
    options.servername = options.servername || options.host;
    options.host = gate.hostname;
    options.port = Number(gate.port);
  }
  return connect.apply(this, args);
};
"""

LONGEST = 32_000
"""Characters of a value; longer ones are left out, as no system takes an environment of any size."""


def variables(
    slug: str,
    url: str,
    facts: Mapping[str, Json],
    proxy_url: str,
    ca: Path,
    *,
    control: str | None = None,
    inherited: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, str]:
    """Variables to add to the command's environment.

    `EXPORT_CONTRACTS_<VENDOR>_URL` and one for each fact the reference accepts (`…_TOKEN`, `…_SEGMENT_ID`),
    `…_CONTROL` where the reference's time can be turned,
    proxy variables, and the trust settings of requests, httpx, curl, Node, Ruby, PHP, Go and Java.
    What the `inherited` environment says to Node, Java and PHP already is kept before ours: their tests may need it.
    """
    prefix = f"EXPORT_CONTRACTS_{slug.upper()}_"
    named = {prefix + name.upper(): _text(value) for name, value in facts.items() if len(_text(value)) < LONGEST}
    files = _trust_files(ca)
    proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), proxy_url)
    local = "127.0.0.1,localhost,::1"
    return {
        prefix + "URL": url,
        **({} if control is None else {prefix + "CONTROL": control}),
        **named,
        **proxies,
        "NO_PROXY": local,
        "no_proxy": local,
        "EXPORT_CONTRACTS_PROXY": proxy_url,
        "REQUESTS_CA_BUNDLE": str(ca),
        "SSL_CERT_FILE": str(ca),
        "CURL_CA_BUNDLE": str(ca),
        "NODE_EXTRA_CA_CERTS": str(ca),
        "NODE_OPTIONS": _after(inherited.get("NODE_OPTIONS"), f'--require="{files["preload"]}"'),
        "PHP_INI_SCAN_DIR": f"{inherited.get('PHP_INI_SCAN_DIR', '')}:{files['php']}",
        "JAVA_TOOL_OPTIONS": _after(inherited.get("JAVA_TOOL_OPTIONS"), _java(proxy_url, files["java"])),
    }


def _after(theirs: str | None, ours: str) -> str:
    return f"{theirs} {ours}" if theirs else ours


def _text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _trust_files(ca: Path) -> dict[str, Path]:
    folder = ca.parent
    preload = folder / "node-preload.cjs"
    preload.write_text(NODE_PRELOAD, encoding="utf-8")
    php = folder / "php"
    php.mkdir(exist_ok=True)
    (php / "export-contracts.ini").write_text(f'curl.cainfo="{ca}"\nopenssl.cafile="{ca}"\n', encoding="utf-8")
    return {"preload": preload, "php": php, "java": truststore(ca)}


def _java(proxy_url: str, truststore: Path) -> str:
    host, port = proxy_url.removeprefix("http://").split(":")
    settings = {
        "javax.net.ssl.trustStore": truststore,
        "javax.net.ssl.trustStorePassword": JAVA_PASSWORD,
        "https.proxyHost": host,
        "https.proxyPort": port,
        "http.proxyHost": host,
        "http.proxyPort": port,
        "http.nonProxyHosts": "localhost|127.*",
    }
    return " ".join(f"-D{name}={value}" for name, value in settings.items())
