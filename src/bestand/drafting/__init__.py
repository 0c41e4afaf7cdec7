"""From a document to a case: proposals for claims and lines, which count for nothing until a person accepts them."""
