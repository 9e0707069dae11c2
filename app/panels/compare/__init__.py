"""Two graphs side by side, and what is different between them."""
