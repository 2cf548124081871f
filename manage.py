#!/usr/bin/env python
"""Django's command line; the settings default to the embedded newsroom."""

import gc
import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    # Loading makes objects that stay; looking for garbage among them every 700 took a tenth of a start.
    gc.set_threshold(10_000)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings.embedded")
    execute_from_command_line(sys.argv)
