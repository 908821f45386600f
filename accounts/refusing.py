class Refused(Exception):
    """The state of things does not allow it; `text` says why, in words for the reader.

    `field` is the one of the form that is wrong, if it is one alone. A refusal with a name of its own says its text
    in `default`.
    """

    def __init__(self, text: str = "", field: str = ""):
        self.text, self.field = text or self.default(), field
        super().__init__(self.text)

    def default(self) -> str:
        raise NotImplementedError(f"{type(self).__name__} has to be raised with a text")
