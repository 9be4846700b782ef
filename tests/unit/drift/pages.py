"""Pages as vendors publish them, drawn from the promises of a month; the sentences are our own."""

import html
import json

from export_contracts.drift import promises

WORDS = {
    "en": {"required": "Required", "optional": "Optional", "conditional": "Required*", "string": "String",
           "array": "Array of strings", "object": "Object", "integer": "Integer", "boolean": "Boolean",
           "number": "Float", "files": "About 5,000 users go into a file: one file for 5,000 users.",
           "days": "Only the last 90 days are there.", "most": "At most 500 named: up to 500 custom attributes.",
           "at_once": "Concurrent exports of a company: no more than 100."},
    "fr": {"required": "Requis", "optional": "Facultatif", "conditional": "Requis*", "string": "Chaîne de caractères",
           "array": "Tableau de chaînes de caractères", "object": "Objet", "integer": "Entier", "boolean": "Booléen",
           "number": "Flottant", "files": "Il y a 1 fichier pour 5\u202f000 utilisateurs.",
           "days": "Les 90 derniers jours.",
           "most": "Il y a jusqu’à 500 attributs.", "at_once": "Exportations simultanées : 100 au plus."},
    "ja": {"required": "必須", "optional": "任意", "conditional": "必須*", "string": "文字列", "array": "文字列の配列",
           "object": "オブジェクト", "integer": "整数", "boolean": "ブール値", "number": "浮動小数点数",
           "files": "5,000 ユーザーごとに 1 つのファイルです。", "days": "過去 90 日のデータです。",
           "most": "最大500個のカスタム属性です。", "at_once": "同時エクスポートは会社ごとに 100 までです。"},
}  # fmt: skip


def told(contract, month):
    """Promises of the month by area, without those that pages may leave out."""
    found = {}
    for one in promises.of(contract):
        if (
            one.holds(month)
            and not one.rare
            and "page" in one.group.forms
            and one.group.operation != "cancelSegmentExport"
        ):
            found.setdefault(one.group.area, []).append(one)
    return found


def markdown(contract, month, language="en"):
    """A page of the export of a segment, in the layout of its vendor."""
    words, said = WORDS[language], told(contract, month)
    rows = [f"|`{one.at}` | {words[one.need]} | {words[_kind(one)]} | …{_values(one)} |" for one in said["request"]]
    names = [f"* `{one.at}`" for one in said["field"]]
    answer = [f'  "{one.at}" : ({one.need}, {" or ".join(sorted(one.types))}) text,' for one in said["response"]]
    limits = [words["files"], words["days"], words["at_once"], words["most"]] if month >= "2023-06" else [
        words["files"], *([words["days"], words["at_once"]] if month >= "2021-12" else [])
    ]  # fmt: skip
    parts = ["---\nnav_title: x\n---", "{% api %}", "# Title", "POST /users/export/segment", "\n\n".join(limits)]
    parts += ["## A", "| a | b | c | d |\n|---|---|---|---|\n" + "\n".join(rows), "## B", "\n".join(names)]
    parts += ["## C", "```json\nContent-Type: application/json\n{\n" + "\n".join(answer) + "\n}\n```"]
    parts += ["## D", "```json\n" + template([(one.at, one) for one in said["object"]]) + "\n```", "{% endapi %}"]
    return "\n\n".join(parts) + "\n"


def template(entries, indent=0):
    """Pseudo-JSON as the vendor writes it: annotations for values, missing commas, ellipses."""
    tree = {}
    for at, one in entries:
        node = tree
        *above, last = at.replace("[]", "").split(".")
        for part in above:
            node = node[part][1]
        node[last] = (one, {})
    return _node(tree, indent)


def _node(tree, indent):
    pad = " " * (indent + 2)
    lines = []
    for name, (one, inner) in tree.items():
        need = "optional, " if one.need == "optional" else ""
        if inner and "array" in one.types:
            lines.append(f'{pad}"{name}" : [\n{pad}  {_node(inner, indent + 4)},\n{pad}  ...\n{pad}],')
        elif inner:
            lines.append(f'{pad}"{name}" : {_node(inner, indent + 2)},')
        else:
            kind = " of float" if one.items else ""
            enum = " | ".join(f'"{word}"' for word in sorted(one.enum))
            lines.append(f'{pad}"{name}" : ({need}{", ".join(sorted(one.types))}{kind}) {enum},')
    return "{\n" + "\n".join(lines) + f"\n{' ' * indent}}}"


def _kind(one):
    return min(one.types)


def _values(one):
    return " " + ", ".join(f"`{word}`" for word in sorted(one.enum)) if one.enum else ""


def postman(contract, month):
    """A whole v2.1 collection in which the item is one of several."""
    page = markdown(contract, month)
    url = {"raw": "https://{{url}}/users/export/segment", "path": ["users", "export", "segment"]}
    body = {"mode": "raw", "raw": '{\n "segment_id" : "x",\n "fields_to_export" : ["email"]\n}'}
    item = {"name": "Export", "request": {"method": "POST", "url": url, "body": body, "description": page}}
    other = {"name": "Other", "request": {"method": "GET", "url": "https://{{url}}/segments/list", "description": page}}
    info = {"name": "C", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"}
    return json.dumps({"info": info, "item": [{"name": "folder", "item": [other, item]}]})


def as_html(contract, month):
    """The same page as a browser saves it, by way of a renderer of its own."""
    from markdown_it import MarkdownIt

    text = markdown(contract, month).replace("---\nnav_title: x\n---", "").replace("{% api %}", "")
    body = MarkdownIt("commonmark").enable("table").render(text.replace("{% endapi %}", ""))
    return f"<!DOCTYPE html><html><head><title>{html.escape('x')}</title></head><body><main>{body}</main></body></html>"


FORMS = {
    "markdown": markdown,
    "french": lambda contract, month: markdown(contract, month, "fr"),
    "japanese": lambda contract, month: markdown(contract, month, "ja"),
    "postman": postman,
    "html": as_html,
}
