"""The live Slack workspace: reading its public channels, and speaking in them."""

from cityhall_fm.adapters.slack.checkup import LiveCheckup
from cityhall_fm.adapters.slack.clips import SlackClips
from cityhall_fm.adapters.slack.desk import SlackDesk
from cityhall_fm.adapters.slack.sign_in import SlackSignIn
from cityhall_fm.adapters.slack.workspace import SlackWorkspace

__all__ = ["LiveCheckup", "SlackClips", "SlackDesk", "SlackSignIn", "SlackWorkspace"]
