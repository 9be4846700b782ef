import sys
import urllib.request

url, auth, body = sys.argv[1:]
request = urllib.request.Request(url, body.encode(), {"Authorization": auth, "Content-Type": "application/json"})
sys.stdout.write(str(urllib.request.urlopen(request, timeout=120).status))
