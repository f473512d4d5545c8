//! German.

use super::Words;

pub(super) static WORDS: Words = Words {
    tag: "de",
    dir: "ltr",
    name: "Deutsch",
    outcomes: [
        "Die Plattform gibt Ihnen recht.",
        "Die Plattform gibt Ihnen teilweise recht.",
        "Die Plattform gibt Ihnen nicht recht: Die Maßnahme bleibt bestehen.",
        "Die Plattform hat den Widerspruch nicht geprüft.",
    ],

    languages: "Sprache",
    enter_title: "Einer Entfernung widersprechen",
    enter_line: "Die Seite, die anstelle Ihres Inhalts steht, zeigt einen Code. Geben Sie ihn hier ein, um zu sehen, was geschehen ist, um zu \
                 widersprechen und um die Antwort zu lesen. Sie brauchen kein Konto.",
    enter_label: "Code von der Seite (16 Buchstaben und Ziffern)",
    enter_button: "Weiter",
    unknown_title: "Diesen Code kennen wir nicht",
    unknown_line: "Vergleichen Sie ihn mit der Seite: Er hat 16 Buchstaben und Ziffern in vier Gruppen. Die Buchstaben I, L, O und U kommen \
                   nicht vor; Groß- und Kleinschreibung ist gleich.",
    later_title: "Das können wir gerade nicht nachsehen",
    later_line: "Bitte versuchen Sie es in einigen Minuten noch einmal.",
    ask_operator: "Der Betreiber dieser Stelle beantwortet Fragen.",
    sent: "Ihr Widerspruch liegt der Plattform vor. Kommen Sie mit dem Code zurück, um die Antwort zu lesen.",
    nothing_done: "Gegen diesen Inhalt gilt keine Maßnahme mehr",
    earlier: "Bisherige Widersprüche",
    waiting: "Noch nicht beantwortet.",
    restored: "Der Inhalt wurde wiederhergestellt.",
    form_title: "Widersprechen",
    form_reader: "Was Sie schreiben, liest",
    form_line: "und lesen Prüfer, nicht die Behörde, die angefragt hat. Sie müssen nicht sagen, wer Sie sind, und besser nicht: kein Name, keine \
                Adresse. Die Antwort kann hier jeder lesen, der den Code hat.",
    text_label: "Warum ist die Entscheidung falsch? (bis zu 5.000 Zeichen)",
    language_label: "Sprache Ihres Textes",
    language_other: "eine andere",
    send: "Absenden",
    closed_nothing: "Zurzeit gibt es nichts, dem Sie widersprechen könnten.",
    closed_open: "Ein Widerspruch liegt der Plattform vor. Ein weiterer ist möglich, sobald er beantwortet ist.",
    closed_enough: "Zu diesem Inhalt werden keine weiteren Widersprüche angenommen.",
    wrong_elsewhere: "Dieses Formular kam von einer anderen Seite. Bitte senden Sie es von hier ab.",
    wrong_unreadable: "Was gesendet wurde, war nicht lesbar. Bitte senden Sie es noch einmal.",
    wrong_encoding: "Das Gesendete ist nicht in UTF-8 geschrieben, einige Zeichen waren daher nicht lesbar. Nichts wurde gespeichert: \
                     Bitte schreiben Sie den Text neu und senden Sie ihn von dieser Seite.",
    wrong_empty: "Bitte schreiben Sie, warum die Entscheidung falsch ist.",
    wrong_long: "Der Text ist zu lang: höchstens 5.000 Zeichen.",
    wrong_control: "Der Text enthält Steuerzeichen, die kein Text braucht. Bitte entfernen Sie sie.",
    wrong_later: "Wir konnten ihn gerade nicht speichern. Ihr Text ist noch hier: Bitte senden Sie ihn in einigen Minuten noch einmal.",
    nothing_shown: "Diese Seite zeigt nie den Inhalt selbst.",
};
