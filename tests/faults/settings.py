"""The settings of worker processes in fault tests: the project's own, with another child in the typesetter's place."""

import json
import os

from config.settings import *  # noqa: F403 - settings are extended this way

RENDER_COMMAND = JOIN_COMMAND = json.loads(os.environ["CHILD_COMMAND"])
