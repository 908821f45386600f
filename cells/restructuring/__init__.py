"""Reorganisations: what is ordered, what follows from it row by row, carrying it out and taking it back."""
