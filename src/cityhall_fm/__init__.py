"""The production companion of a city's radio show: from a Slack question to the second of its answer."""

from typing import Final

__version__: Final = "0.1.0"
