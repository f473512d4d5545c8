//! Polish.

use super::Words;

pub(super) static WORDS: Words = Words {
    tag: "pl",
    dir: "ltr",
    name: "Polski",
    outcomes: [
        "Platforma przyznaje Ci rację.",
        "Platforma częściowo przyznaje Ci rację.",
        "Platforma nie przyznaje Ci racji: decyzja pozostaje w mocy.",
        "Platforma nie rozpatrzyła sprzeciwu.",
    ],

    languages: "Język",
    enter_title: "Sprzeciw wobec usunięcia",
    enter_line: "Strona, która zastąpiła Twoją treść, pokazuje kod. Wpisz go tutaj, aby zobaczyć, co zrobiono, wnieść sprzeciw i przeczytać \
                 odpowiedź. Konto nie jest potrzebne.",
    enter_label: "Kod ze strony (16 liter i cyfr)",
    enter_button: "Dalej",
    unknown_title: "Nie znamy tego kodu",
    unknown_line: "Porównaj go ze stroną: ma 16 liter i cyfr w czterech grupach. Litery I, L, O i U nie występują; wielkość liter nie ma \
                   znaczenia.",
    later_title: "Nie możemy tego teraz sprawdzić",
    later_line: "Spróbuj ponownie za kilka minut.",
    ask_operator: "Na pytania odpowiada operator tego systemu.",
    sent: "Platforma ma Twój sprzeciw. Wróć z kodem, aby przeczytać odpowiedź.",
    nothing_done: "Wobec tej treści nie obowiązuje już żaden środek",
    earlier: "Dotychczasowe sprzeciwy",
    waiting: "Jeszcze bez odpowiedzi.",
    restored: "Treść została przywrócona.",
    form_title: "Wnieś sprzeciw",
    form_reader: "To, co napiszesz, przeczyta",
    form_line: "oraz audytorzy, ale nie organ, który wystąpił z żądaniem. Nie musisz mówić, kim jesteś, i lepiej tego nie rób: bez nazwiska, bez \
                adresu. Odpowiedź może tu przeczytać każdy, kto ma kod.",
    text_label: "Dlaczego decyzja jest błędna? (do 5000 znaków)",
    language_label: "Język Twojego tekstu",
    language_other: "inny",
    send: "Wyślij",
    closed_nothing: "Obecnie nie ma wobec czego wnosić sprzeciwu.",
    closed_open: "Platforma ma już sprzeciw. Następny można wnieść, gdy otrzyma odpowiedź.",
    closed_enough: "W sprawie tej treści nie przyjmujemy więcej sprzeciwów.",
    wrong_elsewhere: "Ten formularz wysłano z innej strony. Wyślij go stąd.",
    wrong_unreadable: "Nie udało się odczytać tego, co wysłano. Wyślij ponownie.",
    wrong_encoding: "Wysłany tekst nie jest zapisany w UTF-8, więc części znaków nie da się odczytać. Nic nie zapisano: napisz tekst \
                     ponownie i wyślij go z tej strony.",
    wrong_empty: "Napisz, dlaczego decyzja jest błędna.",
    wrong_long: "Tekst jest za długi: najwyżej 5000 znaków.",
    wrong_control: "Tekst zawiera znaki sterujące, których żaden tekst nie potrzebuje. Usuń je.",
    wrong_later: "Nie udało się teraz zapisać. Twój tekst nadal tu jest: wyślij go ponownie za kilka minut.",
    nothing_shown: "Ta strona nigdy nie pokazuje samej treści.",
};
