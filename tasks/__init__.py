"""The face that nobody looks at: Celery's application, its beat, and tasks that each carry out one command.

The broker only carries hints to look; what is due is in the database, so a lost, late or repeated task costs nothing.
"""

from tasks.app import app as celery

__all__ = ["celery"]
