"""`python -m tasks worker …`: as `celery -A tasks worker …`, but it never looks for `tasks` in the working folder."""

import sys

from tasks.app import app
from tasks.logs import set_up

if __name__ == "__main__":
    set_up()  # Celery warns of some things before it begins to log
    app.start(sys.argv[1:])
