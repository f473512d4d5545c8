//! English.

use super::Words;

pub(super) static WORDS: Words = Words {
    tag: "en",
    dir: "ltr",
    name: "English",
    outcomes: [
        "The platform agrees with you.",
        "The platform agrees with you in part.",
        "The platform does not agree with you: the measure stands.",
        "The platform did not look into it.",
    ],

    languages: "Language",
    enter_title: "Object to a removal",
    enter_line: "The page that stands in the place of what you had put there shows a code. Type it here to see what was done, to object, \
                 and to read the answer. You need no account.",
    enter_label: "Code from the page (16 letters and digits)",
    enter_button: "Go on",
    unknown_title: "We do not know this code",
    unknown_line: "Compare it with the page: it has 16 letters and digits in four groups. The letters I, L, O and U do not occur; \
                   capital or small letters make no difference.",
    later_title: "We cannot look that up at the moment",
    later_line: "Please try again in a few minutes.",
    ask_operator: "The operator of this exchange answers questions.",
    sent: "Your objection is with the platform. Come back with the code to read the answer.",
    nothing_done: "Nothing is done to this content any more",
    earlier: "Objections so far",
    waiting: "Not answered yet.",
    restored: "The content was put back.",
    form_title: "Object",
    form_reader: "What you write is read by",
    form_line: "and by auditors, not by the authority that asked. You need not say who you are, and better do not: no name, no address. The \
                answer can be read here by everybody who has the code.",
    text_label: "Why is the decision wrong? (up to 5,000 characters)",
    language_label: "Language of your text",
    language_other: "another one",
    send: "Send",
    closed_nothing: "There is nothing to object to at the moment.",
    closed_open: "An objection is with the platform. Another one can be made when it is answered.",
    closed_enough: "No more objections are taken about this content.",
    wrong_elsewhere: "This form was sent from another site. Please send it from here.",
    wrong_unreadable: "What was sent could not be read. Please send it again.",
    wrong_encoding: "What was sent is not written in UTF-8, so some of its characters could not be read. Nothing was stored: please \
                     write it anew and send it from this page.",
    wrong_empty: "Please write why the decision is wrong.",
    wrong_long: "The text is too long: at most 5,000 characters.",
    wrong_control: "The text holds control characters that no text needs. Please remove them.",
    wrong_later: "We could not store it at the moment. Your text is still here: please send it again in a few minutes.",
    nothing_shown: "This page never shows the content itself.",
};
