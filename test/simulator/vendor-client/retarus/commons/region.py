from collections import namedtuple
from enum import Enum


class Region(Enum):
    Europe = "eu"


RegionUri = namedtuple("RegionUri", "region ha_uri urls")
