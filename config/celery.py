"""The doorbell. What is to be done stands in the database; Celery only says that something is there."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("sochibo")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
