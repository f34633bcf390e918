"""Breaks a release in every way there is, and looks whether listeners or Slack notice."""
