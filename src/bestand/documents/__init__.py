"""What a person sees of a document: Word, PDF, web pages and plain text as words in the order in which they are read."""
