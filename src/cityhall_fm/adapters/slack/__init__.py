"""The live Slack workspace: reading its public channels, and speaking in them."""

from cityhall_fm.adapters.slack.workspace import SlackWorkspace

__all__ = ["SlackWorkspace"]
