"""The WSGI entry point: Django behind the front layer."""

from __future__ import annotations

import multiprocessing
import os
import signal

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from newsroom import checks
from newsroom.serving import plan
from newsroom.serving.accesslog import AccessLog
from newsroom.serving.bodies import Bodies, Limits
from newsroom.serving.front import Front
from newsroom.serving.hosts import Hosts
from newsroom.serving.processes import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings.embedded")

# Pictures are uploaded below the admin; everywhere else a body is a form, for which Django has a limit of its own.
UPLOAD_BYTES = 32 * 1024 * 1024

if (parent := multiprocessing.parent_process()) is not None and parent.pid is not None:
    # A granian worker whose granian was killed would go on serving beside the next one.
    die_with_parent(parent.pid, signal.SIGKILL)

django = get_wsgi_application()
# `serve` ran all checks; a server started by other means must not run on settings that are wrong.
checks.insist()

application = Front(
    django,
    hosts=Hosts(settings.ALLOWED_HOSTS),
    bodies=Bodies(Limits(at_once=max(1, int(os.environ.get("WEB_THREADS", plan.WEB_THREADS)) // 2))),
    most_bytes={"": settings.DATA_UPLOAD_MAX_MEMORY_SIZE, "/admin/": UPLOAD_BYTES},
    log=AccessLog(float(os.environ.get("ACCESS_LOG_SAMPLE", "0.01"))),
)
