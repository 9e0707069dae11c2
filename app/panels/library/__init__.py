"""The library of templates, data, nodes and blocks of one's own."""
