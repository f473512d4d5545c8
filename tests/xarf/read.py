"""Reads a mail (standard input) as a program that takes XARF v4 by mail does, and prints its reports as JSON.

The mail's form: multipart/report of feedback reports; text for people, what says that it is XARF, and the report as an attachment. The
schema has what XARF v4 demands of every report and of `content/fraud` (specification 4.2.0), written anew and not copied.
"""

import email
import email.policy
import json
import sys

import jsonschema_rs

PARTY = {
    "type": "object",
    "required": ["org", "contact", "domain"],
    "additionalProperties": False,
    "properties": {
        "org": {"type": "string", "minLength": 1, "maxLength": 200},
        "contact": {"type": "string", "format": "email"},
        "domain": {"type": "string", "format": "hostname"},
    },
}
FRAUDS = "investment romance tech_support lottery advance_fee cryptocurrency shopping charity employment government_impersonation other"
SCHEMA = {
    "type": "object",
    "required": [
        "xarf_version", "report_id", "timestamp", "reporter", "sender", "source_identifier", "category", "type", "url", "fraud_type",
    ],
    "properties": {
        "xarf_version": {"type": "string", "pattern": r"^4\.\d+\.\d+$"},
        "report_id": {
            "type": "string",
            "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
        },
        "timestamp": {"type": "string", "format": "date-time"},
        "reporter": PARTY,
        "sender": PARTY,
        "source_identifier": {"type": "string", "minLength": 1},
        "category": {"const": "content"},
        "type": {"const": "fraud"},
        "url": {"type": "string", "format": "uri"},
        "fraud_type": {"enum": FRAUDS.split()},
        "description": {"type": "string", "maxLength": 1000},
        # Never to be sent.
        "_internal": False,
    },
}


def main():
    mail = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
    assert mail.get_content_type() == "multipart/report", mail.get_content_type()
    assert mail["content-type"].params["report-type"] == "feedback-report"
    text, feedback, *reports = mail.iter_parts()
    assert text.get_content_type() == "text/plain"
    assert feedback.get_content_type() == "message/feedback-report"
    fields = dict(line.split(": ", 1) for line in feedback.as_bytes().decode().split("\n\n", 1)[1].split("\n") if line)
    assert fields["Feedback-Type"] == "xarf" and fields["Version"] == "1" and fields["User-Agent"], fields
    validator = jsonschema_rs.Draft202012Validator(SCHEMA, validate_formats=True)
    read = []
    for n, part in enumerate(reports, 1):
        assert part.get_content_type() == "application/json"
        assert part.is_attachment() and part.get_filename() == ("xarf.json" if n == 1 else f"xarf-{n}.json")
        report = json.loads(part.get_payload(decode=True))
        validator.validate(report)
        read.append(report)
    assert read, "no report"
    json.dump({"text": text.get_content(), "reports": read}, sys.stdout)


main()
