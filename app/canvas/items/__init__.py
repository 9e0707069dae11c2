"""What lies on the canvas, and how it looks: cards, links, notes, the words under them."""
