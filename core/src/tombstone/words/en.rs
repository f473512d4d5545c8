//! English.

use super::Words;

pub(super) static WORDS: Words = Words {
    tag: "en",
    right_to_left: false,

    title_removed: "This content was removed",
    title_disabled: "Access to this content is disabled",
    title_blocked: "This content cannot be reached from some countries",
    title_suspended: "This account is suspended",
    title_restricted: "This content is restricted",
    title_modified: "This content was changed",
    title_withheld: "This content is not available",

    done_removed: "{platform} removed it on {date}.",
    done_disabled: "{platform} disabled access to it on {date}.",
    done_blocked: "{platform} blocked it on {date} for visitors from: {countries}.",
    done_suspended: "{platform} suspended the account on {date}.",
    done_restricted: "{platform} restricted it on {date}.",
    done_modified: "{platform} changed it on {date}.",
    done_withheld: "{platform} does not make it available.",
    done_withheld_blocked: "{platform} does not make it available in every country.",
    done_withheld_suspended: "{platform} suspended the account.",
    done_withheld_restricted: "{platform} restricts it.",
    done_withheld_modified: "{platform} changed it.",

    asked_terms: "{agency} ({country}) asked {platform} to look at it. The request was voluntary: nobody was obliged to act \
                  on it. {platform} decided under its own terms.",
    asked_law: "{agency} ({country}) asked {platform} to look at it. The request was voluntary: nobody was obliged to act on \
                it. {platform} decided, by its own reading of the law, that the content is unlawful.",
    ordered_law: "{agency} ({country}) ordered this, and claims the power to do so under {citation}. {platform} followed \
                  the order.",
    ordered_terms: "{agency} ({country}) issued an order, and claims the power to do so under {citation}. {platform} says \
                    that it decided under its own terms.",
    territory: "The order asks for effect in: {territory}.",
    everywhere: "The order asks for effect everywhere.",
    withdrawn: "{agency} has since taken back what it asked for.",
    reference: "Reference: {reference}",

    redress: "What you can do",
    objection: "You put this here? You can object without an account: open {url} and enter the code {code}. {platform} reads \
                what you write and answers you there. Keep the code: it is the only way to the answer.",
    court: "You can also turn to a court, as the law provides.",
    court_order: "You can have a court examine the order, as the law of {jurisdiction} provides.",
    tco: "Regulation (EU) 2021/784: on request {platform} tells you the reasons and your rights, or gives you a copy of the \
          order (Article 11(2)). You may challenge the order before the courts of the country whose authority issued it \
          (Article 9(2)). If {platform} has its main establishment in another member state of the EU, you may ask the \
          authority of that state to examine the order within 48 hours of being told (Article 4(4)).",
    complaints: "Complaints about {agency} itself: {complaints}",
    ask_platform: "If you put this here, you can ask {platform} about it.",
};
