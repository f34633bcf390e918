"""The Slack app: every listener acknowledges, calls one job, and shows its result."""
