"""The door of `make`: `python3 -m newsroom.bootstrap VERB`.

An old Python must be able to read this file in order to say that it is too old: no syntax newer than 3.5 here.
"""

import os
import shutil
import sys

OLDEST = (3, 11)
NEWER_NAMES = ("python3.14", "python3.13", "python3.12", "python3.11")


def find_newer_python() -> None:
    """Continue in a newer Python where the machine has one; returns only if it has none."""
    for name in NEWER_NAMES:
        path = shutil.which(name)
        if path:
            os.execv(path, [path, "-m", "newsroom.bootstrap", *sys.argv[1:]])


if sys.version_info < OLDEST:
    find_newer_python()
    sys.exit(
        "Newsroom needs Python 3.11 or newer; %s is %d.%d. Install a newer one, or name it: "
        "make run PYTHON=/path/to/python3.12" % (sys.executable, sys.version_info[0], sys.version_info[1])
    )

from newsroom.bootstrap.verbs import main

sys.exit(main(sys.argv[1:]))
