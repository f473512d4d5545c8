//! English.

use super::Words;

fn counted(n: u32, one: &str, many: &str) -> String {
    if n == 1 {
        format!("1 {one}")
    } else {
        format!("{n} {many}")
    }
}

pub(super) static WORDS: Words = Words {
    tag: "en",
    rtl: false,
    items: |n| counted(n, "item", "items"),
    hours: |n| counted(n, "hour", "hours"),
    working_days: |n| counted(n, "working day", "working days"),

    subject_voluntary: "{reference} · Voluntary: {what}",
    subject_binding: "{reference} · Order, as claimed: {what}",
    subject_by: ", by {due}",
    subject_from_receipt: ", within {span} of opening it",
    what_filed_voluntary: "please look at {items}",
    what_filed_binding: "act on {items}",
    what_fetched: "opened by the platform",
    what_acknowledged: "confirmed by the platform",
    what_decided: "answer from the platform",
    what_closed: "closed by the platform",
    what_question: "question from the platform",
    what_obstacle: "obstacle reported by the platform",
    what_obstacle_over: "the obstacle is over",
    what_answer: "answer from the agency",
    what_note: "new note",
    what_withdrawn: "withdrawn",
    what_reopened: "opened again",
    what_restoration: "answer on putting back",
    what_deadline: "the time is about to end",

    headline_filed_voluntary: "{agency} asks {platform} to look at {items}.",
    headline_filed_binding: "{agency} orders {platform} to act on {items}.",
    headline_fetched: "{platform} has opened the request.",
    headline_acknowledged: "{platform} confirms that it has the request.",
    headline_decided: "{platform} has answered.",
    headline_closed: "{platform} has closed the request.",
    headline_question: "{platform} has a question about the request.",
    headline_obstacle: "{platform} reports an obstacle.",
    headline_obstacle_over: "The obstacle that {platform} reported is over.",
    headline_answer: "{agency} has answered the question.",
    headline_note: "There is a new note on the request.",
    headline_withdrawn: "{agency} has withdrawn the request.",
    headline_reopened: "The request was opened again.",
    headline_restoration: "{platform} has answered on putting things back.",
    headline_deadline: "The time that the order gives is about to end.",
    reference: "Reference: {reference}",
    power_voluntary: "Voluntary: {platform} decides by its own rules and may say no.",
    power_binding: "Binding, as claimed under {citation}.",
    power_was_binding: "No longer binding: it was, as claimed under {citation}, and is withdrawn.",
    english_below: "(English below)",

    label_agency: "Who asks",
    label_verified: "Who they are",
    label_platform: "Who is asked",
    label_instrument: "Under",
    label_about: "About",
    label_duty: "Time to act",
    label_obstacle: "Obstacle",
    label_outcome: "Answered so far",
    label_at: "When",
    label_code: "Check code",
    agency_of: "{agency} ({country})",
    about_host: "{items} on {host}",
    about: "{items}",
    instrument_of: "{title}, {citation}",
    outcome: "{decided} of {total}; acted on: {acted_on} of {total}",
    verified_until: "verified on {from}, valid until {until} ({method})",
    verified: "verified on {from} ({method})",
    verified_ran_out: "verified on {from} ({method}), but that ran out on {until}",
    verified_not: "not verified yet by the operator of this exchange",
    verified_suspended: "suspended by the operator of this exchange",
    duty_by: "by {due}, as claimed",
    duty_from_receipt: "{span}, counted from the moment {platform} opens the request, as claimed",
    duty_from_service: "{span}, counted from the day the order is given, as claimed",
    duty_stands_still: "the clock stands still until the agency has answered",
    obstacle_force_majeure: "something beyond the platform's control prevents it",
    obstacle_manifest_error: "the request contains an obvious error",
    obstacle_insufficient_information: "the request does not say enough",

    next_title: "What to do next",
    next_voluntary: "Open the request and answer for each item. You are free to leave everything as it is: \
                     declining is an ordinary answer.",
    next_binding: "Open the request and answer for each item: the agency says that you must act. If you doubt who \
                   asks or their power, check first; declining for that reason is an answer too. If something \
                   prevents you, report the obstacle.",
    next_read_answer: "Open the request, read the answer and go on where you stopped.",
    next_read_note: "Open the request to read the note.",
    next_withdrawn: "Nothing more is asked of you.",
    next_restore: "Something was already acted on, and you are asked to put it back. Open the request and answer \
                   for those items.",
    next_answer_question: "Open the request and answer the question.",
    next_clear_obstacle: "Open the request, read what is missing or wrong, and answer.",
    next_read_outcome: "Open the request to see the outcome of each item.",
    next_wait: "The platform has not finished. There is nothing to do for you now.",
    next_nothing: "There is nothing to do for you now.",
    how_platform: "Open it in your inbox, with your own program ({inbox}), or from the page behind the link.",
    how_agency: "Open it in the console, with your own program ({requests}), or from the page behind the link.",
    link: "Check that this mail is real, and go on from there:",
    link_above: "To check that this mail is real, use the link further up.",
    code_by_hand: "Rather not click? Type our address yourself and enter the check code {code}.",
    doubt: "Not sure that {agency} is who it says? Call them on a number that you found yourself.",
    not_receipt: "This mail does not count as receipt. The time starts when the request itself is opened.",
    footer: "Sent automatically. What exactly it is about is never written in a mail.",
};
