#!/usr/bin/env python3
"""Every crate that can end up in a build must be usable under a licence of allowed.txt.

Reads `cargo metadata`, evaluates each SPDX expression (OR, AND, WITH, parentheses) and names every crate that fails.
"""

import json
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
TOKEN = re.compile(r"\(|\)|[^\s()]+")


def allowed_licences():
    lines = (line.strip() for line in (HERE / "allowed.txt").read_text().splitlines())
    return {line for line in lines if line and not line.startswith("#")}


def permitted(expression, allowed):
    """Whether some choice the expression offers consists of allowed licences only."""
    # `MIT/Apache-2.0` is how crates wrote OR before SPDX expressions were required.
    tokens = TOKEN.findall(expression.replace("/", " OR "))
    position = 0

    def peek():
        return tokens[position] if position < len(tokens) else None

    def take():
        nonlocal position
        position += 1
        return tokens[position - 1]

    def either():
        result = both()
        while peek() == "OR":
            take()
            result = both() or result
        return result

    def both():
        result = one()
        while peek() == "AND":
            take()
            result = one() and result
        return result

    def one():
        if peek() is None:
            raise ValueError(f"cut short: {expression!r}")
        if peek() == "(":
            take()
            result = either()
            if peek() != ")":
                raise ValueError(f"unbalanced: {expression!r}")
            take()
            return result
        name = take()
        if peek() == "WITH":
            take()
            exception = take()
            return name in allowed or f"{name} WITH {exception}" in allowed
        return name in allowed

    result = either()
    if peek() is not None:
        raise ValueError(f"not an SPDX expression: {expression!r}")
    return result


def main():
    command = ["cargo", "metadata", "--format-version", "1", "--locked"]
    metadata = json.loads(subprocess.run(command, cwd=HERE.parent.parent, check=True, stdout=subprocess.PIPE).stdout)
    allowed = allowed_licences()
    used = {node["id"] for node in metadata["resolve"]["nodes"]}
    refused = []
    for package in sorted(metadata["packages"], key=lambda p: p["name"]):
        if package["id"] not in used:
            continue
        licence = package.get("license")
        try:
            good = bool(licence) and permitted(licence, allowed)
        except ValueError as problem:
            licence, good = str(problem), False
        if not good:
            refused.append(f'{package["name"]} {package["version"]}: {licence or "no licence named"}')
    for line in refused:
        print(f"not permitted: {line}", file=sys.stderr)
    if refused:
        sys.exit(1)
    print(f"{len(used)} crates, all under a licence of scripts/licences/allowed.txt")


if __name__ == "__main__":
    main()
