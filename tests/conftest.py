pytest_plugins = ["oms.machine.pytest_plugin"]
