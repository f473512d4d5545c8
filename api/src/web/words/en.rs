//! English.

use super::Words;

pub(super) static WORDS: Words = Words {
    tag: "en",
    dir: "ltr",
    other_tag: "ar",
    other_name: "العربية",
    language: "Language",

    real: "This request is real",
    compare: "It was filed on this exchange. Your mail must show the same reference; if it shows another one, it is not ours.",
    reference: "Reference",
    code: "Check code",
    asks: "Who asks",
    verified: "How that was verified",
    asked: "Who is asked",
    kind: "What it is",
    instrument: "Claimed basis",
    filed: "Filed",
    voluntary: "Voluntary",
    voluntary_means: "The agency asks you to look at something and to judge it by your own rules. You may decline.",
    binding: "Binding, as the agency claims",
    binding_means: "The agency claims that the law obliges you. The exchange records the claim and does not judge it.",
    verified_not: "Not verified",
    verified_suspended: "Suspended by the operator of this exchange",
    warn_not_verified: "The verification of this agency does not hold at present. Ask the operator before you act.",
    warn_suspended: "The operator has suspended this agency. Do nothing before you have asked the operator.",
    withdrawn: "The agency has withdrawn this request.",
    next: "What you can do",
    next_read: "Read the request in your inbox and answer it there, by command or by API:",
    next_withdrawn: "There is nothing left to answer, unless something was already removed and should be put back; your inbox says so:",
    documentation: "Documentation",
    no_access: "You have no access yet? The operator of this exchange gives it to you.",
    doubt: "In doubt, ask the operator or the agency, over a number or address that you found yourself and not in the mail.",
    nothing_shown: "This page never shows what is asked about. Looking at it is not a receipt and starts no clock.",

    enter_title: "Is this mail real?",
    enter_lines: [
        "Every mail of this exchange carries a check code. Type it here to see who asks, and how that was verified.",
    ],
    enter_label: "Check code from the mail (16 letters and digits)",
    enter_button: "Check",
    unknown_title: "We do not know this code",
    unknown_lines: [
        "Compare it with the mail: it has 16 letters and digits in four groups. The letters I, L, O and U do not occur; capital or small letters make no difference.",
        "If it is typed correctly, the mail was not sent by this exchange. Do not open its links or attachments, and act on nothing it says.",
        "Please tell the operator of this exchange about such a mail.",
    ],
    later_title: "We cannot look that up at the moment",
    later_lines: ["This says nothing about your mail. Please try again in a few minutes."],
    ask_operator: "The operator of this exchange answers questions.",

    agency_types: ["police", "court or prosecutor", "regulator", "public body"],
    methods: [
        "Met in person; warrant cards were shown.",
        "Called back on a number found independently.",
        "Signed letter to an address found independently.",
        "Control of the authority's own internet domain was proved.",
        "Found in a published official list.",
        "Vouched for by an agency that is itself verified.",
    ],
};
