"""A page that a browser saved as one file (MHTML): its HTML, without the pictures beside it."""

from __future__ import annotations

import email
import email.policy
import re


def unpacked(text: str) -> str:
    """The HTML of an archive; any other text as it is."""
    if not re.match(r"(?:From|MIME-Version|Snapshot-Content-Location|Subject):.*?^Content-Type:\s*multipart/related",
                    text[:4000], re.DOTALL | re.MULTILINE | re.IGNORECASE):  # fmt: skip
        return text
    message = email.message_from_string(text, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            raw = part.get_payload(decode=True)
            return raw.decode("utf-8", errors="replace") if isinstance(raw, bytes) else text
    return text
