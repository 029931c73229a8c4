"""What those who race, duel, crowd and ask a dying server need, loaded once: each is forked from a process with it.

It connects to nothing.
"""

import importlib

from tests.races.players import play_in

play_in("nowhere")
for needed in ("races.acts", "campaigns.commands", "campaigns.crowd", "campaigns.requests"):
    importlib.import_module(f"tests.{needed}")
