"""What each mechanism of the Ukraine case does to answers: a change in the file, and a question whose answer moves with it."""
