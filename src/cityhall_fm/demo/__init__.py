"""The whole main job on the example show, with the sandbox in the place of Slack."""
