"""What a pressed mouse button does: each gesture is an object with start, move, end and cancel."""
