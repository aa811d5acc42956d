"""Log lines: time, level, room, message, trace."""

import logging

from studio.core.middleware import current_trace


class LineFormatter(logging.Formatter):
    """One line a record; the trace id only where there is one."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s  %(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        trace = current_trace()
        line = super().format(record)
        return f"{line}  trace={trace}" if trace else line
