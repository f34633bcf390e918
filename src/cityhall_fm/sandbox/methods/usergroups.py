"""usergroups.*: named groups of members, such as @radio-team."""

from cityhall_fm.sandbox.methods.request import Request
from cityhall_fm.sandbox.people import Json


def list_(request: Request) -> Json:
    """Answer usergroups.list."""
    with_users = request.flag("include_users")
    groups = [
        {
            "id": group.id,
            "team_id": request.world.team_id,
            "is_usergroup": True,
            "handle": group.handle,
            "name": group.handle,
            "date_delete": 0,
            "user_count": len(group.members),
            **({"users": list(group.members)} if with_users else {}),
        }
        for group in request.world.groups
    ]
    return {"usergroups": groups}
