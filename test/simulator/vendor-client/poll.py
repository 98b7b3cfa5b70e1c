"""Lists, downloads, acknowledges and lists again with the vendor's own FaxInPollClient: poll.py BASE_URL USER PASSWORD TOPIC FOLDER. Prints JSON."""
import json
import sys

from retarus.commons.config import Configuration
from retarus.fax_in_poll.client import FaxInPollClient

base_url, user, password, topic, folder = sys.argv[1:]
# Nothing but the address is changed.
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
impatient = FaxInPollClient(False, download_path=folder, timeout=0).client
print(json.dumps({"listed": [fax["id"] for fax in listed], "acknowledged": acknowledged, "left": impatient.fetch_fax_list(topic)}))
