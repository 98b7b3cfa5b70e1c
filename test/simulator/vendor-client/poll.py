"""Lists, downloads, acknowledges and lists again with the vendor's own FaxInPollClient. Prints JSON.

Usage: poll.py BASE_URL USER PASSWORD TOPIC FOLDER
"""
import json
import sys

from retarus.commons.config import Configuration
from retarus.fax_in_poll.client import FaxInPollClient

base_url, user, password, topic, folder = sys.argv[1:]
# Changes the URL and nothing else.
[uri] = FaxInPollClient._FaxInPollClient__fax_in_poll_uris
address = base_url.removesuffix("/rest/v1")
FaxInPollClient._FaxInPollClient__fax_in_poll_uris = [uri._replace(ha_uri=address, urls=[address])]
Configuration.set_auth(user, password)

client = FaxInPollClient(False, download_path=folder, page_size=10, timeout=60).client
listed = client.fetch_fax_list(topic)
for fax in listed:
    for document in fax["documents"]:
        client.download_fax(document["url"])
acknowledged = client.acknowledge_fax(topic, [fax["id"] for fax in listed])
left = FaxInPollClient(False, download_path=folder, timeout=0).client.fetch_fax_list(topic)
print(json.dumps({"listed": [fax["id"] for fax in listed], "acknowledged": acknowledged, "left": left}))
