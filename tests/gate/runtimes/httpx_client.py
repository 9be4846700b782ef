import sys

import httpx

url, auth, body = sys.argv[1:]
headers = {"Authorization": auth, "Content-Type": "application/json"}
sys.stdout.write(str(httpx.post(url, content=body, headers=headers, timeout=120).status_code))
