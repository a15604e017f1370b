"""What is not kept: answers erased by order, and what is dropped when its time is over."""
