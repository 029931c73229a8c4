"""How many trials a campaign makes and from which seed: small by default, more through the environment.

Every campaign says both at the end of the run, failed or not, so that it can be played again:
`CAMPAIGN_SEED=7 CAMPAIGN_TRIALS=10000 make soak`.
"""

import os
import random
from typing import Any

import pytest

SEED = "CAMPAIGN_SEED"
TRIALS = "CAMPAIGN_TRIALS"
TOLD = "campaign"


def trials(default: int) -> int:
    return int(os.environ.get(TRIALS) or default)


def seed(request: pytest.FixtureRequest) -> int:
    """Return the seed of the environment, else a new one for each run, and tell it whatever happens next."""
    chosen = int(os.environ.get(SEED) or random.SystemRandom().randrange(10**6))
    request.node.user_properties.append((TOLD, f"{request.node.name}: {SEED}={chosen}"))
    return chosen


def told(request: pytest.FixtureRequest, what: str, **counts: object) -> None:
    """Have it said at the end of the run how much was tried, whichever process tried it."""
    numbers = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())
    request.node.user_properties.append((TOLD, f"{what}: {numbers}"))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reports = [report for found in terminalreporter.stats.values() for report in found]
    said = [
        text for report in reports for name, text in getattr(report, "user_properties", []) if name == TOLD
    ]
    if said:
        terminalreporter.section("campaigns")
        for sentence in dict.fromkeys(said):
            terminalreporter.line(sentence)
