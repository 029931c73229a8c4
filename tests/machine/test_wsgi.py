"""What the web server has loaded before it forks."""

import subprocess
import sys

LOADED = """
import gc, sys
import oms.wsgi
assert gc.get_freeze_count() > len(gc.get_objects()), "the collector walks through what was loaded"
missing = {"orders.views.pad", "holidays.countries.germany"} - sys.modules.keys()
assert not missing, f"the first request has to load {missing}"
"""


def test_pages_and_calendars_are_loaded_before_the_server_forks():
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
