class Refused(Exception):
    """The state of things does not allow it; `text` says why, in words for the reader."""

    def __init__(self, text: str):
        super().__init__(text)
        self.text = text
