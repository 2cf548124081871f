"""What `make` can ask for."""

from __future__ import annotations

import os
import sqlite3
import sys
from typing import NoReturn

from newsroom.bootstrap import environment, site
from newsroom.bootstrap.places import LOGINS_NAME, PYTHON, ROOT, Refusal, require_writable, say, var_dir
from newsroom.serving import address


def run(_arguments: list[str]) -> NoReturn:
    """Set everything up and serve."""
    host = os.environ.get("HOST") or address.DEFAULT_HOST
    port = address.parse_port(os.environ.get("PORT") or str(address.DEFAULT_PORT))
    address.require_site_url(host, os.environ.get("SITE_URL", ""))
    address.require_free(host, port)
    # The database holds readers' addresses: it is not for every user of this machine.
    os.umask(0o027)
    var = var_dir()
    require_writable(var)
    with site.one_at_a_time(var):
        site.back_up_before_update(var)
        environment.ensure()
        site.set_up(var)
    become("manage.py", "serve", "--greeting", str(var / LOGINS_NAME))


def python(arguments: list[str]) -> NoReturn:
    """Run a Python program of the project among the tools of its developers."""
    environment.ensure(dev=True)
    become(*arguments)


def become(*arguments: str) -> NoReturn:
    """Replace this process by a program of the environment: signals then reach it and nothing else."""
    os.chdir(ROOT)
    sys.stdout.flush()
    os.execv(PYTHON, [str(PYTHON), *arguments])


VERBS = {"run": run, "python": python}


def main(arguments: list[str]) -> int:
    """Do what the first argument names; refuse in one line."""
    try:
        VERBS[arguments[0]](arguments[1:])
    except (Refusal, address.AddressProblem) as refusal:
        say(f"newsroom: {refusal}")
    except sqlite3.Error as error:
        say(f"newsroom: the database could not be copied before the update ({error}). Mend that, then try again.")
    except OSError as error:
        say(f"newsroom: {error.strerror}: {error.filename}. Mend that, then run the same command again.")
    except KeyboardInterrupt:
        return 130
    return 1
