"""What leaves the house on paper: the layout of Party documents, typeset in a confined process."""
