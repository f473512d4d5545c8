"""Checks values against schemas of the published description (OpenAPI 3.1, so JSON Schema 2020-12).

Reads {"description": {…}, "checks": [{"place": "…", "schema": {…}, "value": …}]} from standard input and prints what is wrong, one line
each. Stricter than the schemas: a member that they do not describe is wrong too, except in problems, which have further members (RFC 9457).
"""

import json
import sys

import jsonschema_rs


def closed(components):
    for name, schema in components["schemas"].items():
        if "properties" in schema and name != "Problem":
            schema.setdefault("additionalProperties", False)
    return components


def main():
    asked = json.load(sys.stdin)
    components = closed(asked["description"]["components"])
    validators = {}
    wrong = 0
    for check in asked["checks"]:
        key = json.dumps(check["schema"], sort_keys=True)
        if key not in validators:
            schema = check["schema"] | {"components": components}
            validators[key] = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
        for error in validators[key].iter_errors(check["value"]):
            at = "/".join(map(str, error.instance_path))
            print(f"{check['place']}: /{at}: {error.message}")
            wrong += 1
    print(f"{len(asked['checks'])} checked")
    return 1 if wrong else 0


sys.exit(main())
