//! Polish.

use super::Words;

pub(super) static WORDS: Words = Words {
    tag: "pl",
    right_to_left: false,

    title_removed: "Ta treść została usunięta",
    title_disabled: "Dostęp do tej treści jest zablokowany",
    title_blocked: "Ta treść jest niedostępna z niektórych krajów",
    title_suspended: "To konto jest zawieszone",
    title_restricted: "Ta treść jest ograniczona",
    title_modified: "Ta treść została zmieniona",
    title_withheld: "Ta treść jest niedostępna",

    done_removed: "Usunięcie przez {platform}: {date}.",
    done_disabled: "Zablokowanie dostępu przez {platform}: {date}.",
    done_blocked: "Zablokowanie przez {platform}: {date}, dla odwiedzających z: {countries}.",
    done_suspended: "Zawieszenie konta przez {platform}: {date}.",
    done_restricted: "Ograniczenie przez {platform}: {date}.",
    done_modified: "Zmiana przez {platform}: {date}.",
    done_withheld: "{platform} jej nie udostępnia.",
    done_withheld_blocked: "{platform} nie udostępnia jej we wszystkich krajach.",
    done_withheld_suspended: "Konto zostało zawieszone przez {platform}.",
    done_withheld_restricted: "{platform} ją ogranicza.",
    done_withheld_modified: "Treść została zmieniona przez {platform}.",

    asked_terms: "Prośba o sprawdzenie treści wpłynęła od: {agency} ({country}). Była dobrowolna: nikt nie miał obowiązku jej \
                  spełnić. Decyzja {platform} zapadła na podstawie własnego regulaminu.",
    asked_law: "Prośba o sprawdzenie treści wpłynęła od: {agency} ({country}). Była dobrowolna: nikt nie miał obowiązku jej \
                spełnić. Decyzja {platform} zapadła na podstawie własnej oceny, że treść jest niezgodna z prawem.",
    ordered_law: "Nakaz wpłynął od: {agency} ({country}). Organ powołuje się na: {citation}. {platform} działa zgodnie z nakazem.",
    ordered_terms: "Nakaz wpłynął od: {agency} ({country}). Organ powołuje się na: {citation}. Według {platform} decyzja zapadła na \
                    podstawie własnego regulaminu.",
    territory: "Nakaz ma mieć skutek w: {territory}.",
    everywhere: "Nakaz ma mieć skutek wszędzie.",
    withdrawn: "Żądanie zostało od tego czasu wycofane przez: {agency}.",
    reference: "Sygnatura: {reference}",

    redress: "Co można zrobić",
    objection: "To była Twoja treść? Możesz wnieść sprzeciw bez konta: otwórz {url} i wpisz kod {code}. {platform} przeczyta to, co \
                napiszesz, i odpowie Ci w tym samym miejscu. Zachowaj kod: tylko z nim zobaczysz odpowiedź.",
    court: "Możesz także zwrócić się do sądu, zgodnie z przepisami prawa.",
    court_order: "Możesz zwrócić się do sądu o zbadanie nakazu, zgodnie z prawem kraju: {jurisdiction}.",
    tco: "Rozporządzenie (UE) 2021/784: na żądanie {platform} poda Ci powody i Twoje prawa albo przekaże kopię nakazu (art. 11 \
          ust. 2). Możesz zaskarżyć nakaz przed sądami kraju, którego organ go wydał (art. 9 ust. 2). Jeżeli {platform} ma główną \
          siedzibę w innym państwie członkowskim UE, możesz w ciągu 48 godzin od poinformowania zwrócić się do organu tego państwa \
          o zbadanie nakazu (art. 4 ust. 4).",
    complaints: "Skargi na {agency}: {complaints}",
    ask_platform: "Jeżeli to była Twoja treść, możesz zapytać o nią {platform}.",
};
