"""JSON in and out, fast and strict."""

from typing import Any

import orjson
from rest_framework import parsers, renderers
from rest_framework.exceptions import ParseError

from studio.core.errors import InvalidInput


def _other(value: Any) -> Any:
    # Lazy strings, UUID keys and Django's own wrappers are written as their text.
    return str(value)


class JSONRenderer(renderers.BaseRenderer):
    """Write JSON with orjson; NaN never leaves (it becomes null)."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, accepted_media_type=None, renderer_context=None) -> bytes:
        if data is None:
            return b""
        return orjson.dumps(data, default=_other, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z)


class JSONParser(parsers.BaseParser):
    """Read JSON with orjson, refusing null bytes, which no database column takes."""

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None) -> Any:
        body = stream.read()
        if not body:
            return {}
        try:
            data = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise ParseError(f"The body is not JSON: {error}.") from error
        if b"\\u0000" in body and _has_null_byte(data):
            raise InvalidInput("The body holds a null byte, which cannot be stored. Remove it.")
        return data


def _has_null_byte(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any("\x00" in key or _has_null_byte(item) for key, item in value.items())
    if isinstance(value, list):
        return any(_has_null_byte(item) for item in value)
    return False
