"""`python -m tasks worker …`: as `celery -A tasks worker …`, but it never looks for `tasks` in the working folder."""

import sys

from tasks.app import app

if __name__ == "__main__":
    app.start(sys.argv[1:])
