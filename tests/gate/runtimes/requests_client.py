import sys

import requests

url, auth, body = sys.argv[1:]
headers = {"Authorization": auth, "Content-Type": "application/json"}
sys.stdout.write(str(requests.post(url, data=body, headers=headers, timeout=120).status_code))
