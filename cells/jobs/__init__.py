"""Work in the background: the row is the job, Celery only rings (reliability.md R4)."""
