"""The studio: hosts make the show in a browser, on loopback or signed in with Slack."""
