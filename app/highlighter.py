"""Python in colours, as far as generated code needs them: words, texts, numbers, calls and comments."""

from __future__ import annotations

import re

from PySide6.QtGui import QColor, QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from app import theme

TOKEN = re.compile(
    r"(?P<comment>#.*)"
    r"|(?P<text>\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')"
    r"|(?P<number>(?<!\w)-?\d[\w.]*)"
    r"|(?P<word>\b(?:def|return|import|from|for|in|range|None|True|False)\b)"
    r"|(?P<argument>\b\w+(?==))"
    r"|(?P<call>\b\w+(?=\())"
)


class Highlighter(QSyntaxHighlighter):
    """Paints a document's lines, each for itself: no token of generated code goes over its line's end."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self.recolour()

    def recolour(self) -> None:
        """Take the theme's colours."""
        c = theme.colours()
        blue, orange, green, _, _, _, violet, *_ = c.series
        chosen = {"comment": c.muted, "text": green, "number": orange, "word": violet, "argument": c.muted, "call": blue}
        self._formats = {kind: _format(colour) for kind, colour in chosen.items()}
        self._formats["word"].setFontWeight(QFont.Weight.DemiBold)
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        for token in TOKEN.finditer(text):
            self.setFormat(token.start(), token.end() - token.start(), self._formats[token.lastgroup or ""])


def _format(colour: str) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(QColor(colour))
    return made
