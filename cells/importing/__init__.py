"""Imports in the browser: a file becomes a plan, the plan is confirmed, what was written can be undone."""
