#!/bin/sh
# Prints a Python that is new enough, or says in one sentence what is missing.
# PYTHON names one to try first; uv, where there is one, may know or fetch another.

new_enough='import sys; sys.exit(sys.version_info < (3, 11))'
# Version managers compile without optimising unless told to, and all of OMS then takes a third longer: such a Python
# is taken when there is no other. Distributions build into /usr, optimised, and write the option nowhere.
ready_and_quick='
import importlib.util, shutil, sys, sysconfig
optimised = sys.base_prefix == "/usr" or "--enable-optimizations" in (sysconfig.get_config_var("CONFIG_ARGS") or "")
ready = importlib.util.find_spec("venv") and (importlib.util.find_spec("ensurepip") or shutil.which("uv"))
sys.exit(not (sys.version_info >= (3, 11) and ready and optimised))'
names='python3 python3.13 python3.12 python3.11'

is() { # PROGRAM QUESTION
    [ -x "$1" ] && "$1" -c "$2" >/dev/null 2>&1
}

take() { # PROGRAM
    echo "$1"
    exit 0
}

named=$(command -v "${PYTHON:-}") && is "$named" "$new_enough" && take "$named"
for name in $names; do
    rest=$PATH:
    while [ "$rest" ]; do
        is "${rest%%:*}/$name" "$ready_and_quick" && take "${rest%%:*}/$name"
        rest=${rest#*:}
    done
done
for name in $names; do
    found=$(command -v "$name") && is "$found" "$new_enough" && take "$found"
done
if command -v uv >/dev/null 2>&1; then
    uv python find '>=3.11' 2>/dev/null && exit 0
    uv python install --quiet 3.13 >/dev/null 2>&1 && uv python find '>=3.11' 2>/dev/null && exit 0
fi
found=$(python3 --version 2>/dev/null)
echo "Python 3.11 or newer is needed and ${found:-no Python 3} was found: install it, or name one with PYTHON=/path/to/python3." >&2
exit 1
