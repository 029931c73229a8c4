"""The same work on other systems from PyPI, each in an environment of its own, on the same server in the same run.

Nothing in the scripts is the other systems' code.
"""
