"""What a client of a dying server needs, loaded once: each client is forked from a process that has imported this.

It connects to nothing.
"""

import importlib

from tests.races.players import play_in

play_in("nowhere")
importlib.import_module("tests.campaigns.requests")
