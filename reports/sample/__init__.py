"""Sample data: invented people in a marked tree, with the facts and figures that started the project."""
