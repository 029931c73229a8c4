"""What a process has had of memory."""

import resource
import sys


def peak_mb() -> float:
    """Return the most memory this process has had so far, in MiB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20
