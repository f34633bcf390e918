"""The production companion of a city's radio show: from a Slack question to the second of its answer."""
