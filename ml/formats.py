"""The formats that a model can be exported to, and how their files' names end. Needs no Keras."""

SUFFIXES = {"keras": ".keras", "weights": ".weights.h5", "savedmodel": "", "tflite": ".tflite", "onnx": ".onnx", "python": ".py"}
