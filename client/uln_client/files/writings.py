"""Which files were written of another, by their contents: only those may be written over."""

import json
from pathlib import Path

from uln_client.files.contents import content_of


class Writings:
    """What was written of one file, by whichever run; kept in a small file of its own."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._known = dict(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            # Without it nothing is known, and nothing is written over.
            self._known = {}

    def free(self, path: Path) -> Path:
        """Give a path at which nothing stands, or what was written and nobody has changed.

        Rows that somebody has corrected in place are never written over [O]: a number is added to the name.
        """
        numbered, number = path, 1
        while numbered.exists() and self._known.get(str(numbered)) != content_of(numbered):
            number += 1
            numbered = path.with_stem(f"{path.stem}-{number}")
        return numbered

    def drop(self, path: Path) -> None:
        """Take away what an earlier run wrote and nobody has changed, since it is true no more."""
        if path.exists() and self._known.get(str(path)) == content_of(path):
            path.unlink()

    def wrote(self, *paths: Path) -> None:
        """Take note of files that are whole now."""
        self._known |= {str(each): content_of(each) for each in paths}
        part = self._path.with_name(f"{self._path.name}.part")
        part.write_text(json.dumps(self._known), encoding="utf-8")
        part.replace(self._path)
