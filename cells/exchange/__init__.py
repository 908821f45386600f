"""The exchange workbook: reading, planning, importing, exporting (workbook.md)."""
