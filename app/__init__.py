"""The desktop: windows, panels and the canvas. It shows project values and events, and imports no Keras."""
