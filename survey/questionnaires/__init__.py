"""What is asked: questionnaires as data, in immutable versions, and the form built from them."""
