"""What Spyne 2.14.0 needs before it can be imported on Python 3.12 and newer, and quiet afterwards.

Its vendored six names modules that only an old import hook could find. They are put in place on every version, so
that all are tested alike. On 3.13 ``cgi`` comes from ``legacy-cgi``. Import this module before ``spyne``.
"""

import collections.abc
import http.cookies
import importlib
import logging
import sys
import types
import urllib
import urllib.error
import urllib.parse
import urllib.request
import warnings
from collections.abc import Mapping
from typing import Any

_MOVED = "spyne.util.six.moves"
_MODULES: Mapping[str, types.ModuleType] = {
    "collections_abc": collections.abc,
    "http_cookies": http.cookies,
    "urllib": urllib,
    "urllib.error": urllib.error,
    "urllib.parse": urllib.parse,
    "urllib.request": urllib.request,
}


def _help_import() -> None:
    moved = types.ModuleType(_MOVED)
    moved.__path__ = []
    sys.modules.setdefault(_MOVED, moved)
    for name, module in _MODULES.items():
        sys.modules.setdefault(f"{_MOVED}.{name}", module)
        if "." not in name:
            setattr(moved, name, module)


def _quieten() -> None:
    """Import Spyne, whose own code warns of its age, and silence it.

    It logs whole bodies and tracebacks with caller's data, and collects garbage inside requests.
    """
    root = logging.getLogger("spyne")
    root.addHandler(logging.NullHandler())
    root.propagate = False
    root.setLevel(logging.CRITICAL + 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in ("spyne", "spyne.model", "spyne.protocol.soap", "spyne.server"):
            importlib.import_module(name)
        const: Any = importlib.import_module("spyne.const")
    # six's import hook is of a kind that Python warns of at every later import in the process.
    sys.meta_path[:] = [each for each in sys.meta_path if type(each).__module__ != "spyne.util.six"]

    const.MIN_GC_INTERVAL = float("inf")


_help_import()
_quieten()
