import sys

import urllib3

url, auth, body = sys.argv[1:]
headers = {"Authorization": auth, "Content-Type": "application/json"}
sys.stdout.write(str(urllib3.request("POST", url, body=body, headers=headers).status))
