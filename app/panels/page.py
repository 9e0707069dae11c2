"""The page of a template: what it is, what to watch, what to try, and the paper, in words."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QTextBrowser, QVBoxLayout, QWidget

from app import theme
from app.document import Document
from ml import catalog

EMPTY = "## No page\nThis project did not begin as a template of the library, so there is nothing written about it here."
STYLE = """
h1 {{ font-size: 20px; }}
h2 {{ font-size: 15px; }}
h1, h2, h3 {{ color: {text}; }}
p, li {{ line-height: 140%; }}
a, code {{ color: {accent}; }}
"""


class PagePanel(QWidget):
    """Shows the page of the template that the document's project began as."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.browser = QTextBrowser()
        self.browser.setProperty("kind", "page")
        self.browser.setOpenExternalLinks(True)
        self.browser.setAccessibleName("The template's page")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.browser)
        self._template = ""
        document.changed.connect(self._changed)
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if theme.is_theme_change(event):
            self._show()

    def _changed(self) -> None:
        if self.document.project.template != self._template:
            self._show()

    def _show(self) -> None:
        self._template = self.document.project.template
        template = catalog.templates().get(self._template)
        c = theme.colours()
        page = f"# {template.title}\n\n{template.summary}\n\n{template.page}" if template else EMPTY
        document = self.browser.document()
        document.setDefaultStyleSheet(STYLE.format(text=c.text, accent=c.accent))
        document.setMarkdown(page)
        self.browser.setHtml(document.toHtml())
