"""How bytes of an upload arrive: in memory, never on a disk, before anybody has looked into them (domain.md 1.8)."""

from io import BytesIO

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler


class InMemoryOnly(MemoryFileUploadHandler):
    """What is larger than `FILE_UPLOAD_MAX_MEMORY_SIZE` is counted and dropped; the form says that it is too large."""

    def receive_data_chunk(self, raw_data, start):
        if self.activated:
            self.file.write(raw_data)

    def file_complete(self, file_size):
        if self.activated:
            return super().file_complete(file_size)
        kind = self.content_type, file_size, self.charset, self.content_type_extra
        return InMemoryUploadedFile(BytesIO(), self.field_name, self.file_name, *kind)
