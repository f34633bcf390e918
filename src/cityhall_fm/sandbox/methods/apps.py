"""apps.connections.open: the address of a Socket Mode connection."""

from cityhall_fm.sandbox.methods.request import Request
from cityhall_fm.sandbox.people import Json


def connections_open(request: Request) -> Json:
    """Answer apps.connections.open with a ws:// address on loopback, good for one connection."""
    app_id = request.app.app_id
    ticket = request.world.new_ticket(app_id)
    address = request.world.page_url.replace("http://", "ws://", 1)
    return {"url": f"{address}link/?ticket={ticket}&app_id={app_id}"}
