"""One page in the layouts that documentation sites have; what it says is drawn from the promises, in our own words."""

import html
import quopri
import re

from export_contracts.drift import promises

NEEDS = {"required": "Required", "optional": "No", "conditional": "Required if", None: ""}
KINDS = {
    "array": "array of strings",
    "object": "object",
    "integer": "int32",
    "number": "double",
    "boolean": "boolean",
    "string": "string",
    "null": "null",
}


def rows(contract, operation, area, above=""):
    """(name, type, need, description) of the promises below one object."""
    found = []
    for one in promises.of(contract):
        inside = one.at.removeprefix(f"{above}.") if above else one.at
        mine = (one.group.operation, one.group.area) == (operation, area) and "page" in one.group.forms
        if (
            mine
            and one.holds(None)
            and not one.rare
            and (not above or one.at.startswith(f"{above}."))
            and "." not in inside
        ):
            kind = "array of objects" if "object" in one.items else KINDS[min(one.types)] if one.types else ""
            values = " or ".join(f"`{word}`" for word in sorted(one.enum - {"*"}))
            found.append((inside, kind, NEEDS[one.need], f"What is asked for. {values}".strip()))
    return found


class Markdown:
    """As on GitHub."""

    def heading(self, text):
        return f"## {text}\n"

    def para(self, text):
        return f"{text}\n"

    def code(self, text):
        return f"```json\n{text}\n```\n"

    def names(self, several):
        return "\n".join(f"- `{one}`" for one in several) + "\n"

    def table(self, several):
        lines = [f"| `{name}` | {kind} | {about} | {need} |" for name, kind, need, about in several]
        return "| Field | Kind | Meaning | Needed |\n|:--|:-:|---|---|\n" + "\n".join(lines) + "\n"

    def page(self, parts):
        return "---\ntitle: x\n---\n\n# Export\n\n" + "\n".join(parts)


class Lists(Markdown):
    """Parameters as a list of names with their types in brackets."""

    def table(self, several):
        needs = {"Required": "required", "No": "optional", "Required if": "required if", "": ""}
        lines = []
        for name, kind, need, about in several:
            said = ", ".join(one for one in (kind, needs[need]) if one)
            lines.append(f"- `{name}` ({said}): {about}" if said else f"- `{name}` {about}")
        return "\n".join(lines) + "\n"


class TableInHtml(Markdown):
    """Markdown whose tables are HTML, with blank lines in them."""

    def table(self, several):
        cells = [
            f"<tr>\n<td><b>{name}</b></td>\n\n<td>{kind}</td>\n<td>{need}</td>\n<td>{about}</td>\n</tr>"
            for name, kind, need, about in several
        ]
        return (
            "<table>\n<tr><th>Name</th><th>Kind</th><th>Needed</th><th>Meaning</th></tr>\n\n"
            + "\n".join(cells)
            + "\n</table>\n"
        )


class Docusaurus:
    """As React renders it: code line by line, a sidebar and a title in a header."""

    def heading(self, text):
        return f'<h2 class="anchor" id="x">{html.escape(text)}<a class="hash-link" href="#x">\u200b</a></h2>'

    def para(self, text):
        return f"<p>{_inline(text)}</p>"

    def code(self, text):
        lines = "".join(
            f'<span class="token-line"><span class="token plain">{html.escape(one)}</span><br></span>'
            for one in text.split("\n")
        )
        return f'<div class="codeBlock"><pre tabindex="0"><code>{lines}</code></pre><button>Copy</button></div>'

    def names(self, several):
        return "<ul>" + "".join(f"<li><code>{one}</code></li>" for one in several) + "</ul>"

    def table(self, several):
        cells = "".join(
            f"<tr><td><code>{name}</code></td><td>{kind}</td><td>{_inline(about)}</td><td>{need}</td></tr>"
            for name, kind, need, about in several
        )
        head = "<tr><th>Field</th><th>Kind</th><th>Meaning</th><th>Needed</th></tr>"
        return f"<table><thead>{head}</thead><tbody>{cells}</tbody></table>"

    def page(self, parts):
        menu = "<nav><ul><li><code>GET /other/thing</code></li></ul></nav><aside><p>Beside</p></aside>"
        return (
            f'<!doctype html>\n<html lang="en"><head><script>var a = {{"b": 1}}</script></head><body>{menu}'
            f"<main><article><header><h1>Export</h1></header>{''.join(parts)}</article></main></body></html>"
        )


class Jekyll(Docusaurus):
    """As kramdown and rouge render it: lines of code numbered in a table."""

    def code(self, text):
        numbers = "\n".join(str(one + 1) for one in range(text.count("\n") + 1))
        return (
            f'<div class="highlight"><table class="rouge-table"><tbody><tr><td class="gutter"><pre>{numbers}</pre></td>'
            f'<td class="code"><pre>{html.escape(text)}</pre></td></tr></tbody></table></div>'
        )


class ReadMe(Docusaurus):
    """As ReadMe.io renders it: no tables, but a box for each parameter."""

    def table(self, several):
        boxes = []
        for name, kind, need, about in several:
            asked = f'<div class="Param-required">{need.lower()}</div>' if need not in {"No", ""} else ""
            boxes.append(
                f'<div class="Param"><div class="Param-left"><div class="Param-header"><label>{name}</label>'
                f'<div class="Param-type">{kind}</div>{asked}</div><div><p>{_inline(about)}</p></div>'
                "</div></div>"
            )
        return "".join(boxes)


class Definitions(Docusaurus):
    """Terms and definitions."""

    def table(self, several):
        return (
            "<dl>"
            + "".join(
                f"<dt><code>{name}</code></dt><dd><em>{kind}</em></dd><dd>{need}</dd><dd>{_inline(about)}</dd>"
                for name, kind, need, about in several
            )
            + "</dl>"
        )


class Archive(Docusaurus):
    """The page as a browser saves it in one file."""

    def page(self, parts):
        body = quopri.encodestring(super().page(parts).encode()).decode()
        head = 'From: <Saved by Blink>\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary="xx"\n\n'
        part = "--xx\nContent-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n"
        return f"{head}{part}{body}\n--xx--\n"


def _inline(text):
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))


LAYOUTS = {
    one.__name__: one for one in (Markdown, Lists, TableInHtml, Docusaurus, Jekyll, ReadMe, Definitions, Archive)
}


def bloomreach(layout, contract, change=lambda rows: rows):
    """The export of customers."""
    operation = "exportCustomers"
    parts = [
        layout.para("POST /data/v2/projects/{projectToken}/customers/export"),
        layout.para("Private access GDPR > Export customers. Indexed from 0, and segment_index -1 for the rest."),
    ]
    for title, area, above in (
        ("Path parameters", "path", ""),
        ("Body parameters", "request", ""),
        ("Attributes object", "request", "attributes"),
        ("Filter object", "request", "filter"),
        ("Headers", "header", ""),
    ):
        parts += [layout.heading(title), layout.table(change(rows(contract, operation, area, above)))]
    return layout.page(parts)


def braze(layout, contract, change=lambda rows: rows):
    """The export of a segment."""
    from tests.unit.drift import pages

    operation, words, said = "exportUsersBySegment", pages.WORDS["en"], pages.told(contract, "2026-06")
    answer = [f'  "{one.at}" : ({one.need}, {" or ".join(sorted(one.types))}) text,' for one in said["response"]]
    template = pages.template([(one.at, one) for one in said["object"]])
    parts = [layout.para("POST https://rest.iad-01.braze.com/users/export/segment")]
    parts += [layout.para(words[one]) for one in ("files", "days", "at_once", "most")]
    parts += [layout.para("Key with `users.export.segment`."), layout.heading("Request parameters")]
    parts += [layout.table(change(rows(contract, operation, "request"))), layout.heading("Fields to export")]
    parts += [layout.names([one.at for one in said["field"]]), layout.heading("Response")]
    parts += [layout.code("{\n" + "\n".join(answer) + "\n}"), layout.heading("Users"), layout.code(template)]
    return layout.page(parts)
