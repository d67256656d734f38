"""The frame that every page of the service is shown in: readable, without scripts, nothing fetched."""

from html import escape

_STYLE = """
:root { color-scheme: light dark; --ink: #1a1a1a; --paper: #fff; --quiet: #595959; --line: #c9c9c9;
  --wash: #f3f4f6; --link: #0b57d0; --good: #0a6640; --bad: #b3261e; --fair: #7a4f01 }
@media (prefers-color-scheme: dark) { :root { --ink: #ececec; --paper: #16181c; --quiet: #a8adb5; --line: #454a52;
  --wash: #22262c; --link: #8ab4f8; --good: #6dd58c; --bad: #f2b8b5; --fair: #fdd663 } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
main { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 4rem }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem }
p { margin: .5rem 0; max-width: 46rem; overflow-wrap: anywhere }
a { color: var(--link) }
code, pre { font: .875rem/1.45 ui-monospace, Consolas, monospace }
pre { margin: .25rem 0; padding: .75rem; background: var(--wash); border: 1px solid var(--line);
  border-radius: 4px; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere }
table { border-collapse: collapse; margin: .25rem 0 }
th, td { padding: .25rem .75rem .25rem 0; text-align: left; vertical-align: top;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere }
th { font-weight: 600 }
.quiet { color: var(--quiet) }
"""


def document(title: str, body: str, style: str = "") -> str:
    """Give a whole HTML page; ``body`` is HTML, ``title`` is text."""
    return (
        '<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}{style}</style></head>\n<body><main>\n{body}\n</main></body></html>\n"
    )
