"""Block Kit blocks as plain HTML."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from markupsafe import Markup, escape

from cityhall_fm.sandbox.emoji import glyph
from cityhall_fm.sandbox.mrkdwn import html, link_html, mention_html, plain_html
from cityhall_fm.sandbox.people import Json
from cityhall_fm.sandbox.workspace import Workspace

_STYLE_TAGS = (("bold", "strong"), ("italic", "em"), ("strike", "s"), ("code", "code"))


class Elements(Protocol):
    """Who renders what can be pressed or filled in."""

    def element(self, block: Json, element: Json) -> Markup: ...
    def input(self, block: Json) -> Markup: ...


def blocks_html(world: Workspace, blocks: Iterable[Json], elements: Elements | None = None) -> Markup:
    """Render blocks one under the other; a type the page does not know shows its name.

    `elements` makes buttons and fields of what can be pressed; without it they are only shown.
    """
    return Markup("\n").join(_block(world, block, elements) for block in blocks)


def _block(world: Workspace, block: Json, elements: Elements | None) -> Markup:
    if elements is not None and block.get("type") == "input":
        return elements.input(block)
    if elements is not None and block.get("type") == "actions":
        pressed = Markup(" ").join(elements.element(block, one) for one in _list(block.get("elements")))
        return Markup('<div class="actions">{}</div>').format(pressed)
    accessory = block.get("accessory")
    if elements is not None and isinstance(accessory, dict) and accessory.get("type") != "image":
        pressed = Markup('<div class="accessory">{}</div>').format(elements.element(block, accessory))
        return pressed + _block(world, {**block, "accessory": None}, None)
    render = _RENDERERS.get(str(block.get("type")))
    if render is None:
        return Markup("<p><small>[{}]</small></p>").format(block.get("type"))
    return render(world, block)


def _header(_world: Workspace, block: Json) -> Markup:
    return Markup('<p class="header">{}</p>').format(plain_html(_string(block.get("text"))))


def _section(world: Workspace, block: Json) -> Markup:
    parts = []
    if block.get("text"):
        parts.append(Markup("<p>{}</p>").format(_text(world, block["text"])))
    if block.get("fields"):
        fields = (Markup("<li>{}</li>").format(_text(world, field)) for field in block["fields"])
        parts.append(Markup('<ul class="fields">{}</ul>').format(Markup().join(fields)))
    if block.get("accessory"):
        accessory = _element(world, block["accessory"])
        parts.insert(0, Markup('<div class="accessory">{}</div>').format(accessory))
    return Markup().join(parts)


def _context(world: Workspace, block: Json) -> Markup:
    elements = Markup(" ").join(_element(world, one) for one in _list(block.get("elements")))
    return Markup('<p class="context">{}</p>').format(elements)


def _actions(world: Workspace, block: Json) -> Markup:
    elements = Markup(" ").join(_element(world, one) for one in _list(block.get("elements")))
    return Markup('<p class="actions">{}</p>').format(elements)


def _image(_world: Workspace, block: Json) -> Markup:
    url, alt = str(block.get("image_url", "")), str(block.get("alt_text", ""))
    if not url.startswith(("https://", "http://")):
        return Markup("<p>{}</p>").format(alt)
    return Markup('<p><img src="{}" alt="{}" loading="lazy" referrerpolicy="no-referrer"></p>').format(
        url, alt
    )


def _input(world: Workspace, block: Json) -> Markup:
    return Markup("<p>{} {}</p>").format(_string(block.get("label")), _element(world, block["element"]))


def _divider(_world: Workspace, _block: Json) -> Markup:
    return Markup("<hr>")


def _markdown(_world: Workspace, block: Json) -> Markup:
    return Markup("<p>{}</p>").format(plain_html(str(block.get("text", ""))))


def _video(_world: Workspace, block: Json) -> Markup:
    url = str(block.get("title_url") or block.get("video_url") or "")
    return Markup("<p>▶ {}</p>").format(link_html(url, _string(block.get("title"))))


def _rich_text(world: Workspace, block: Json) -> Markup:
    return Markup().join(_rich_part(world, part) for part in _list(block.get("elements")))


def _rich_part(world: Workspace, part: Json) -> Markup:
    elements = _list(part.get("elements"))
    kind = part.get("type")
    if kind == "rich_text_list":
        tag = "ol" if part.get("style") == "ordered" else "ul"
        items = (Markup("<li>{}</li>").format(_rich_part(world, one)) for one in elements)
        return Markup("<{0}>{1}</{0}>").format(Markup(tag), Markup().join(items))  # noqa: S704 - ol or ul
    inside = Markup().join(_rich_element(world, one) for one in elements)
    tag = {"rich_text_quote": "blockquote", "rich_text_preformatted": "pre"}.get(str(kind), "p")
    return Markup("<{0}>{1}</{0}>").format(Markup(tag), inside)  # noqa: S704 - one of three tags


def _rich_element(world: Workspace, element: Json) -> Markup:
    kind = element.get("type")
    if kind == "user":
        return mention_html(world, str(element.get("user_id")))
    if kind == "emoji":
        name = str(element.get("name"))
        return escape(glyph(name) or f":{name}:")
    if kind == "link":
        url = str(element.get("url", ""))
        return link_html(url, str(element.get("text") or url))
    if kind in ("broadcast", "usergroup"):
        shown = element.get("range") or element.get("usergroup_id")
        return Markup('<span class="mention">@{}</span>').format(shown)
    shown = Markup("<br>\n").join(str(element.get("text", "")).split("\n"))
    style = element.get("style")
    for name, tag in _STYLE_TAGS:
        if isinstance(style, dict) and style.get(name):
            shown = Markup("<{0}>{1}</{0}>").format(Markup(tag), shown)  # noqa: S704 - one of four tags
    return shown


def _element(world: Workspace, element: Json) -> Markup:
    kind = element.get("type")
    if kind == "image":
        return _image(world, element)
    if kind in ("mrkdwn", "plain_text"):
        return _text(world, element)
    label = _string(element.get("text")) or _string(element.get("placeholder")) or str(kind)
    if element.get("url"):
        return Markup('<span class="button">{}</span>').format(link_html(str(element["url"]), label))
    return Markup('<span class="button">{}</span>').format(plain_html(label))


def _text(world: Workspace, text: Json) -> Markup:
    content = _string(text)
    return html(world, content) if text.get("type") == "mrkdwn" else plain_html(content)


def _string(text: Any) -> str:  # noqa: ANN401 - any JSON
    return str(text.get("text", "")) if isinstance(text, dict) else ""


def _list(value: Any) -> list[Json]:  # noqa: ANN401 - any JSON
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


_RENDERERS: dict[str, Callable[[Workspace, Json], Markup]] = {
    "actions": _actions,
    "context": _context,
    "divider": _divider,
    "header": _header,
    "image": _image,
    "input": _input,
    "markdown": _markdown,
    "rich_text": _rich_text,
    "section": _section,
    "video": _video,
}
