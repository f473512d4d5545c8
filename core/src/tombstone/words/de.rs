//! German.

use super::Words;

pub(super) static WORDS: Words = Words {
    tag: "de",
    right_to_left: false,

    title_removed: "Dieser Inhalt wurde entfernt",
    title_disabled: "Der Zugang zu diesem Inhalt ist gesperrt",
    title_blocked: "Dieser Inhalt ist aus einigen Ländern nicht erreichbar",
    title_suspended: "Dieses Konto ist gesperrt",
    title_restricted: "Dieser Inhalt ist eingeschränkt",
    title_modified: "Dieser Inhalt wurde geändert",
    title_withheld: "Dieser Inhalt ist nicht verfügbar",

    done_removed: "{platform} hat ihn am {date} entfernt.",
    done_disabled: "{platform} hat den Zugang am {date} gesperrt.",
    done_blocked: "{platform} hat ihn am {date} gesperrt für Besucher aus: {countries}.",
    done_suspended: "{platform} hat das Konto am {date} gesperrt.",
    done_restricted: "{platform} hat ihn am {date} eingeschränkt.",
    done_modified: "{platform} hat ihn am {date} geändert.",
    done_withheld: "{platform} stellt ihn nicht bereit.",
    done_withheld_blocked: "{platform} stellt ihn nicht in allen Ländern bereit.",
    done_withheld_suspended: "{platform} hat das Konto gesperrt.",
    done_withheld_restricted: "{platform} schränkt ihn ein.",
    done_withheld_modified: "{platform} hat ihn geändert.",

    asked_terms: "{agency} ({country}) hat {platform} gebeten, ihn anzusehen. Das war freiwillig: Niemand war verpflichtet, \
                  darauf zu handeln. {platform} hat nach eigenen Nutzungsbedingungen entschieden.",
    asked_law: "{agency} ({country}) hat {platform} gebeten, ihn anzusehen. Das war freiwillig: Niemand war verpflichtet, \
                darauf zu handeln. {platform} hält den Inhalt nach eigener Prüfung für rechtswidrig.",
    ordered_law: "{agency} ({country}) hat dies angeordnet und beruft sich dafür auf {citation}. {platform} ist der Anordnung \
                  gefolgt.",
    ordered_terms: "{agency} ({country}) hat eine Anordnung erlassen und beruft sich dafür auf {citation}. {platform} gibt an, \
                    nach eigenen Nutzungsbedingungen entschieden zu haben.",
    territory: "Die Anordnung verlangt Wirkung in: {territory}.",
    everywhere: "Die Anordnung verlangt Wirkung überall.",
    withdrawn: "{agency} hat das Verlangen inzwischen zurückgenommen.",
    reference: "Aktenzeichen: {reference}",

    redress: "Was Sie tun können",
    objection: "Der Inhalt war von Ihnen? Sie können ohne Konto widersprechen: Öffnen Sie {url} und geben Sie den Code {code} \
                ein. {platform} liest, was Sie schreiben, und antwortet Ihnen dort. Bewahren Sie den Code auf: Nur mit ihm \
                kommen Sie zur Antwort.",
    court: "Sie können sich auch an ein Gericht wenden, wie es das Gesetz vorsieht.",
    court_order: "Sie können die Anordnung von einem Gericht prüfen lassen, wie es das Recht von {jurisdiction} vorsieht.",
    tco: "Verordnung (EU) 2021/784: Auf Verlangen nennt Ihnen {platform} die Gründe und Ihre Rechte oder gibt Ihnen eine Kopie \
          der Anordnung (Artikel 11 Absatz 2). Sie können die Anordnung vor den Gerichten des Landes anfechten, dessen Behörde \
          sie erlassen hat (Artikel 9 Absatz 2). Hat {platform} die Hauptniederlassung in einem anderen Mitgliedstaat der EU, \
          können Sie binnen 48 Stunden nach der Mitteilung die Behörde jenes Staates um Prüfung der Anordnung bitten (Artikel 4 \
          Absatz 4).",
    complaints: "Beschwerden über {agency} selbst: {complaints}",
    ask_platform: "War der Inhalt von Ihnen, können Sie {platform} danach fragen.",
};
