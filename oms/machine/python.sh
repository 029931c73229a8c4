#!/bin/sh
# Prints a Python that is new enough, or says in one sentence what is missing.
# PYTHON names one to try first; uv, where there is one, may know or fetch another.

new_enough='import sys; sys.exit(sys.version_info < (3, 11))'
for candidate in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11; do
    if command -v "$candidate" >/dev/null 2>&1 && "$candidate" -c "$new_enough" >/dev/null 2>&1; then
        command -v "$candidate"
        exit 0
    fi
done
if command -v uv >/dev/null 2>&1; then
    uv python find '>=3.11' 2>/dev/null && exit 0
    uv python install --quiet 3.13 >/dev/null 2>&1 && uv python find '>=3.11' 2>/dev/null && exit 0
fi
found=$(python3 --version 2>/dev/null)
echo "Python 3.11 or newer is needed and ${found:-no Python 3} was found: install it, or name one with PYTHON=/path/to/python3." >&2
exit 1
