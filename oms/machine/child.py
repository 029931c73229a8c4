"""A program of `make run`, which ends when the supervisor ends, even when that was killed.

The supervisor keeps the writing end of a pipe and never writes: reading it returns when the supervisor is gone.
"""

import os
import runpy
import signal
import sys
import threading


def main(pipe: str, module: str, *arguments: str) -> None:
    threading.Thread(target=end_with_supervisor, args=(int(pipe),), daemon=True).start()
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def end_with_supervisor(pipe: int) -> None:
    os.read(pipe, 1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main(*sys.argv[1:])
