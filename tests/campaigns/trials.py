"""How many trials a campaign makes and from which seed: small by default, more through the environment.

Every campaign says both, so that a failure can be replayed: `CAMPAIGN_SEED=7 CAMPAIGN_TRIALS=10000 make soak`.
"""

import os
import random

import pytest

SEED = "CAMPAIGN_SEED"
TRIALS = "CAMPAIGN_TRIALS"


def trials(default: int) -> int:
    return int(os.environ.get(TRIALS) or default)


def seed() -> int:
    """Return the seed of the environment, else a new one for each run."""
    return int(os.environ.get(SEED) or random.SystemRandom().randrange(10**6))


def told(request: pytest.FixtureRequest, what: str, chosen: int, **counts: object) -> str:
    """Say how much was tried, even when the test passes and its output is swallowed; return the sentence."""
    numbers = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())
    sentence = f"{what}: {numbers}, {SEED}={chosen}"
    capture = request.config.pluginmanager.getplugin("capturemanager")
    if capture is None:
        print(f"\n{sentence}")
        return sentence
    with capture.global_and_fixture_disabled():
        print(f"\n{sentence}")
    return sentence
