"""The document as pure data: no Keras, no Qt."""
