"""What lxml keeps of names has an end: with its thread, or as only known names are read on the one that stays."""

import asyncio
from threading import Thread, current_thread

import pytest

from uln_server.gate.readers import KnownTags, Readers


def test_each_document_is_read_in_a_thread_of_its_own_which_ends() -> None:
    readers = Readers(1, "reading")

    async def both() -> list[Thread]:
        return list(await asyncio.gather(readers.read(current_thread), readers.read(current_thread)))

    first, second = asyncio.run(both())
    assert first is not second
    assert not first.is_alive()
    assert not second.is_alive()
    readers.close()


def test_what_a_reader_raises_is_raised() -> None:
    readers = Readers(1, "reading")

    def failing() -> None:
        raise ValueError("no document")

    with pytest.raises(ValueError, match="no document"):
        asyncio.run(readers.read(failing))
    readers.close()


def test_tags_are_known_once_they_came_as_long_as_there_is_room() -> None:
    tags = KnownTags(room=20)
    assert tags.have(b"<a><b c='1'/>text</a>")
    assert not tags.have(b"<a><another-long-one/></a>")
    assert tags.have(b"<b c='1'/><a/>")
    assert not tags.have(b"<a x='1'/>")
    assert tags.have(b"<b c='1'/>other text<a>")


HIDDEN = {
    "in double quotes": b'<a x=">" z=""/>',
    "in single quotes": b"<a x='>' z=''/>",
    "in quotes in quotes": b"""<a x='"' y=">" z=""/>""",
    "in half a letter": "<a\u413e/>".encode("utf-16-le"),
}


@pytest.mark.parametrize("document", HIDDEN.values(), ids=HIDDEN.keys())
def test_what_a_tag_hides_behind_a_seeming_end_never_is_known(document: bytes) -> None:
    tags = KnownTags()
    assert not tags.have(document)
    assert not tags.have(document)
