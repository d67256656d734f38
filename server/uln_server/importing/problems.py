"""Why a file cannot be used at all, as opposed to a row that cannot."""


class Unusable(Exception):  # noqa: N818  # the operator's word for it
    """The file as a whole cannot be read, or stopped being readable.

    ``text`` names the place, ``remedy`` the way out; neither quotes a learner's details.
    """

    def __init__(self, text: str, remedy: str) -> None:
        super().__init__(text)
        self.text = text
        self.remedy = remedy
