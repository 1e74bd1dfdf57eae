"""Reads the plain YAML that deploy/kubernetes is written in, and nothing else: block mappings and lists, two spaces an indent,
plain or double-quoted scalars, comments. Anything fancier is an error, so that every reader understands the same."""

import re

KEY = re.compile(r"([\w./-]+|\"[^\"]*\"):(?: +(.*))?$")
PLAIN = re.compile(r"(--)?[\w/.][\w ./:@+-]*$")
INTEGER = re.compile(r"-?(0[0-7]*|[1-9]\d*)$")


class NotPlain(ValueError):
    """Says the line."""


def documents(text):
    """The values of a file, one a document."""
    return [parse(part) for part in re.split(r"^---$", text, flags=re.MULTILINE)]


def parse(text):
    lines = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if "\t" in line or line != line.rstrip() or (len(line) - len(line.lstrip())) % 2:
            raise NotPlain(f"line {number}: tabs, blanks at the end or an odd indent: {line!r}")
        lines.append((number, len(line) - len(line.lstrip()), line.lstrip()))
    value, rest = block(lines, 0)
    if rest:
        raise NotPlain(f"line {rest[0][0]}: wrong indent: {rest[0][2]!r}")
    return value


def block(lines, indent):
    if lines and lines[0][2].startswith("- "):
        return sequence(lines, indent)
    return mapping(lines, indent)


def sequence(lines, indent):
    out = []
    while lines and lines[0][1] == indent and lines[0][2].startswith("- "):
        number, _, text = lines[0]
        item = text[2:]
        if KEY.match(item):
            # "- key: value" begins a mapping two columns further in.
            value, lines = mapping([(number, indent + 2, item), *lines[1:]], indent + 2)
        else:
            value, lines = scalar(item, number), lines[1:]
        out.append(value)
    return out, lines


def mapping(lines, indent):
    out = {}
    while lines and lines[0][1] == indent and not lines[0][2].startswith("- "):
        number, _, text = lines[0]
        found = KEY.match(text)
        if not found:
            raise NotPlain(f"line {number}: no key: {text!r}")
        key, rest = found.group(1).strip('"'), found.group(2)
        if key in out:
            raise NotPlain(f"line {number}: {key} is there twice")
        lines = lines[1:]
        if rest:
            out[key] = scalar(rest, number)
        elif lines and lines[0][1] == indent + 2:
            out[key], lines = block(lines, indent + 2)
        else:
            raise NotPlain(f"line {number}: {key} has no value")
    return out, lines


def scalar(text, number):
    if text == "{}":
        return {}
    if re.fullmatch(r'"[^"\\]*"', text):
        return text[1:-1]
    if not PLAIN.match(text):
        raise NotPlain(f"line {number}: not a plain scalar: {text!r}")
    if text in ("true", "false"):
        return text == "true"
    if INTEGER.match(text):
        return int(text, 8) if text.startswith("0") and len(text) > 1 else int(text)
    return text
