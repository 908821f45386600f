"""Files of the sample's outlines."""


def write_file(outline, paragraphs):
    raise NotImplementedError
