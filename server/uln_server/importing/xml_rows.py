"""Learners from an XML file: a root element with ``Learner`` children, their elements named as in the contract."""

import io
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from lxml import etree

from uln_contract.reading import Element, local_name
from uln_server.importing.layout import EVERYTHING, FOLLOWING, nearest
from uln_server.importing.problems import Unusable
from uln_server.importing.rows import Row
from uln_server.importing.rules import Finding, Rule

_WIDTH = len(EVERYTHING.columns)
_WITHOUT_LEARNER = 16 * 2**20  # bytes


class XmlRows:
    """An XML file, being read. No document type is accepted, so that no entity can be either."""

    def __init__(self, path: Path) -> None:
        self.layout = EVERYTHING
        self.form = "xml"
        self._file = path.open("rb", buffering=0)

    def rows(self) -> Iterator[Row]:
        """Give every Learner; each is forgotten when the next is asked for."""
        number = 0
        try:
            for learner in self._learners():
                number += 1
                yield _row(number, learner)
        except etree.XMLSyntaxError as error:
            line, column = error.position
            raise Unusable(
                f"The file is no well-formed XML from line {line}, column {column} on, after {number} learners.",
                "Correct it there, or write it anew from its source.",
            ) from None

    def position(self) -> int:
        """Give the bytes taken from the disk so far."""
        return self._file.tell()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _learners(self) -> Iterator[Element]:
        bounded: Any = _Bounded(self._file)
        parsing: Any = etree.iterparse(
            bounded,
            events=("end",),
            tag="{*}Learner",
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        for _, element in parsing:
            root = element.getparent()
            if root is None:
                raise Unusable(
                    "The root element is a Learner.", "Put the Learner elements into a root element of any name."
                )
            if root.getparent() is not None:
                continue  # a Learner within another, which is told of with the outer one
            _forget_before(element, root)
            yield element
            # The parser may still hold on to the element that it ended last: its content goes now, itself later.
            element.clear(keep_tail=True)
            bounded.begin_anew()
        _refuse_others(parsing.root)


class _Bounded:
    """The file, as long as Learners come: any other document would fill the memory before it is known as such."""

    def __init__(self, file: io.FileIO) -> None:
        self._file = file
        self._since = 0

    def read(self, size: int) -> bytes:
        """Read on; ``Unusable`` when nothing but one element has come for too long."""
        self._since += size
        if self._since > _WITHOUT_LEARNER:
            raise Unusable(
                f"{_WITHOUT_LEARNER // 2**20} MB of the file hold no whole Learner.",
                "The root element holds Learner elements, named as in the contract.",
            )
        return self._file.read(size)

    def begin_anew(self) -> None:
        """Take note that a Learner came."""
        self._since = 0


def _forget_before(element: Element, root: Element) -> None:
    """Give up what stands before an element; the first time, look at what the document is."""
    previous = element.getprevious()
    if previous is None:
        _refuse_document_type(root)
    while previous is not None:
        _refuse_other(previous)
        root.remove(previous)
        previous = element.getprevious()


def _refuse_others(root: Element) -> None:
    _refuse_document_type(root)
    for child in root:
        _refuse_other(child)


def _refuse_document_type(root: Element) -> None:
    if root.getroottree().docinfo.doctype:
        raise Unusable("The file has a document type (<!DOCTYPE …>).", "Take it out: none is accepted.")


def _refuse_other(element: Element) -> None:
    if local_name(element) != "Learner":
        raise Unusable(
            f"Line {element.sourceline} has {local_name(element)[:40]!r} where a Learner is expected.",
            "The root element holds Learner elements alone.",
        )


@lru_cache(maxsize=256)
def _name(tag: str) -> str:
    """Give a tag without its namespace; there are few tags, and many elements."""
    return tag.rpartition("}")[2]


def _row(number: int, learner: Element) -> Row:
    cells = [""] * _WIDTH
    places = EVERYTHING.places
    given: set[str] = set()
    for child in learner:
        name = _name(str(child.tag))
        if name in FOLLOWING:
            continue
        if name not in places or name in given or len(child):
            return Row(number, [], _defect(name, twice=name in given))
        given.add(name)
        cells[places[name]] = child.text or ""
    return Row(number, cells)


def _defect(name: str, *, twice: bool) -> Finding:
    if twice:
        return Finding(Rule.ELEMENT, name, "", "stands twice in one Learner.", "Keep one of the two.")
    if name in EVERYTHING.places:
        return Finding(Rule.ELEMENT, name, "", "holds other elements, and must hold text alone.", "Take them out.")
    near = nearest(name)
    remedy = f"Did you mean {near}? Otherwise take it out." if near else "Rename it, or take it out."
    return Finding(Rule.ELEMENT, name[:40], "", "is no element of the contract's Learner.", remedy)
