"""A broken file: its name as it is handed in, its bytes, and how the check is asked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Content = Callable[[], bytes]
ALL: dict[str, "Broken"] = {}
"""Every broken file by the name of its report."""


@dataclass(frozen=True, slots=True)
class Broken:
    """``title`` names the report; ``options`` are keyword arguments of the check's options."""

    title: str
    name: str
    content: Content
    options: dict[str, Any] = field(default_factory=dict)


def broken(title: str, name: str, content: Content, **options: Any) -> None:
    """Add a broken file to the set."""
    if title in ALL:
        raise ValueError(title)
    ALL[title] = Broken(title, name, content, options)


VER = "VER_90000001_20240624_001"
LRB = "LRB_90000001_240620240930"
QCF = "QCF_90000001_20240624_001"
