//! Polish.

use takedown_core::claim::{Fault, Found};

use super::Words;

pub(super) static WORDS: Words = Words {
    tag: "pl",
    dir: "ltr",
    name: "Polski",
    says,

    languages: "Język",
    title: "Własna skrzynka odbiorcza",
    back: "Powrót do zgłoszenia",
    intro: "Kto odpowiada za stronę, może mieć tu skrzynkę odbiorczą: zgłoszenia trafiają do niej, do programu lub wiersza \
            poleceń, zamiast przez odnośniki w listach. Nic to nie kosztuje, a odpowiadać można nadal przez odnośniki.",
    proves: "Aby pokazać, że strona należy do Państwa, umieszczają Państwo jeden wiersz, który może tam umieścić tylko jej \
             właściciel. Dowodzi to dzisiejszej kontroli nad nazwą i niczego więcej: nie pytamy, kim Państwo są.",
    taken: "Ktoś ma już tutaj skrzynkę dla tej strony. Jeżeli to nie Państwo, proszę mimo to przedstawić dowód: nic się wtedy nie \
            zmieni samo, a rozstrzygnie operator tej platformy wymiany zgłoszeń. Proszę też do niego napisać.",
    no_host: "Ta strona jest znana pod adresem, który nie jest nazwą w systemie nazw domen, więc niczego nie da się tam wykazać. \
              Pomoże operator tej platformy wymiany zgłoszeń.",
    host_label: "Państwa strona",
    start_button: "Pokaż, co umieścić",
    over: "Minął czas na to, co należało umieścić. Proszę zacząć od nowa; wiersz będzie miał inny kod.",
    put_title: "Proszę umieścić jedno z dwojga",
    put_line: "Wystarczy jedno. Potem można je usunąć.",
    record_title: "Rekord TXT w systemie nazw domen",
    record_name: "Nazwa",
    record_type: "Typ",
    record_value: "Wartość",
    record_none: "Rekord niczego dla tej strony nie dowodzi: jej nazwę nadał ktoś, kto prowadzi strefę. Proszę umieścić plik.",
    file_title: "Albo plik na serwerze WWW",
    file_at: "Adres",
    file_content: "Treść, jeden wiersz",
    until: "Szukamy go do",
    look_title: "Sprawdzenie, czy już jest",
    look_line: "Nikt nie sprawdza sam: proszę nacisnąć, gdy już jest. Nowy rekord może potrzebować kilku minut.",
    look_button: "Sprawdź teraz",
    looked_at: "Co było przy ostatnim sprawdzeniu",
    record_label: "Rekord TXT",
    file_label: "Plik",
    granted_title: "Strona należy do Państwa, a to Państwa skrzynka",
    granted_before: "Ta strona ma skrzynkę, odkąd widać było dowód. Dane dostępu pokazano jeden raz.",
    client_label: "Identyfikator (klient)",
    secret_label: "Sekret",
    once: "Proszę teraz skopiować jedno i drugie: sekret nie jest nigdzie przechowywany. Ponowne wczytanie tej strony pokazuje go przez dziesięć minut, potem już nic.",
    what_now: "Tymi wierszami sprawdzą Państwo, czy coś czeka:",
    inbox_line: "Co dalej, także o webhooku, który zawiadamia natychmiast, opisuje dokumentacja:",
    links_line: "Wysłane odnośniki do odpowiedzi działają do końca swego czasu, chyba że zakończą je Państwo poniżej. Nowe listy \
                 już ich nie zawierają.",
    settle_title: "Jak mamy do Państwa pisać",
    settle_line: "Przez godzinę można to tutaj zmienić.",
    contacts_label: "Adresy e-mail, najważniejszy jako pierwszy",
    languages_label: "Języki, które Państwo czytają, najlepszy jako pierwszy (po dwie litery, na przykład pl, en)",
    zone_label: "Państwa strefa czasowa (na przykład Europe/Warsaw, Africa/Cairo)",
    end_links_label: "Zakończ teraz wszystkie odnośniki do odpowiedzi dotyczące tej strony, także tę stronę",
    settle_button: "Zapisz",
    saved: "Zapisano.",
    contested_title: "Dowód jest; rozstrzyga operator",
    contested_line: "Ktoś już tutaj działa albo odpowiada w imieniu tej strony, albo ma ona jeszcze inne nazwy poza tą, którą Państwo \
                     wykazali, więc nic nie zmieniło się samo. Operator tej platformy wymiany zgłoszeń \
                     widzi Państwa dowód. Proszę do niego napisać i podać, kim Państwo są; tak będzie szybciej.",
    ask_operator: "Pomoże operator tej platformy wymiany zgłoszeń:",
    lost_secret: "Sekret zaginął? Operator nada klientowi inny.",
    wrong_title: "Niczego nie zmieniono",
    wrong_unreadable: "Nie udało się odczytać tego, co wysłano. Proszę wysłać to jeszcze raz z tej strony.",
    wrong_elsewhere: "Formularz wysłano z innej strony. Proszę wysłać go stąd.",
    wrong_soon: "Przed chwilą sprawdzaliśmy. Proszę odczekać dziesięć sekund i nacisnąć ponownie.",
    wrong_enough: "Szukaliśmy tego wiersza 100 razy i na tym koniec. Proszę zacząć od nowa, gdy minie jego czas, albo zapytać \
                   operatora.",
    wrong_over: "Minął czas tego wiersza. Proszę zacząć od nowa; wiersz będzie miał inny kod.",
    wrong_moved: "Ta strona nie należy już do tej, w sprawie której do Państwa napisano. Proszę zapytać operatora.",
    wrong_host: "Proszę wybrać jedną z nazw z listy.",
    wrong_many: "W ciągu jednego dnia zaczęto pięć razy i na tym koniec. Proszę dokończyć ostatni raz albo wrócić jutro.",
    wrong_none: "Najpierw proszę zacząć: wybrać stronę i wyświetlić, co umieścić.",
    wrong_later: "W tej chwili się to nie udało. Proszę nacisnąć ponownie za kilka minut.",
    wrong_ticket: "Można to zmienić tylko na stronie, która pokazała dane dostępu, przez godzinę. Proszę poprosić o to operatora.",
    wrong_contacts: "Proszę podać od jednego do dziesięciu adresów e-mail.",
    wrong_languages: "Proszę podać od jednego do dziesięciu języków, po dwie litery, na przykład pl, en.",
    wrong_zone: "Proszę podać nazwę strefy czasowej, na przykład Europe/Warsaw.",
};

fn says(found: &Found) -> String {
    match found {
        Found::Proof => "Dowód jest na miejscu.".to_owned(),
        Found::Nothing => "Nie ma jeszcze rekordu TXT o tej nazwie. Nowy rekord może być widoczny dopiero po kilku minutach.".to_owned(),
        Found::Quoted => "Jest, ale w cudzysłowie, który należy do tekstu. Proszę usunąć cudzysłów.".to_owned(),
        Found::Bare => "Jest tylko kod. Proszę skopiować cały wiersz, razem z tym, co stoi przed kodem.".to_owned(),
        Found::OtherCode => "Jest kod, ale nie ten: pochodzi z wcześniejszej próby albo od kogoś innego. Proszę wstawić ten w jego miejsce.".to_owned(),
        Found::Cut { after } => format!("Wiersz kończy się po {after} znakach; reszty brakuje. Proszę skopiować cały wiersz."),
        Found::Differs {
            character,
            stands,
            wanted,
        } => match (stands.is_empty(), wanted.is_empty()) {
            (true, _) => format!("Prawie dobrze: brakuje znaku {character}, „{wanted}”."),
            (_, true) => format!("Prawie dobrze: od znaku {character} jest więcej, niż powinno, począwszy od „{stands}”."),
            _ => format!("Prawie dobrze: znak {character} to „{stands}”, a powinien być „{wanted}”."),
        },
        Found::Other { shown } => format!("Jest tam coś innego: „{shown}”. Proszę dodać wiersz; to, co jest, może zostać."),
        Found::Elsewhere { name } => format!("Rekord jest dobry, ale stoi pod nazwą {name}. Proszę przenieść go pod nazwę podaną wyżej; wiele formularzy samo dopisuje domenę."),
        Found::Status { status: 404 } => "Serwer WWW mówi, że nie ma takiego pliku (404).".to_owned(),
        Found::Status { status } => format!("Serwer WWW odpowiada {status} zamiast plikiem."),
        Found::Redirect { to: Some(to) } => format!("Serwer WWW odsyła do {to}, za czym nie idziemy. Proszę, aby odpowiadał samym plikiem."),
        Found::Redirect { to: None } => "Serwer WWW odsyła gdzie indziej, za czym nie idziemy. Proszę, aby odpowiadał samym plikiem.".to_owned(),
        Found::Html => "Serwer WWW odpowiada stroną HTML. Proszę, aby odpowiadał plikiem tekstowym, w którym jest tylko ten wiersz.".to_owned(),
        Found::Failed { why } => match why {
            Fault::ServerFailure => "Serwery nazw tej domeny odpowiadają błędem. Proszę zapytać tego, kto je prowadzi.",
            Fault::NoAnswer => "Nikt nie odpowiedział na czas. Proszę spróbować ponownie za kilka minut.",
            Fault::DeadEnd => "Nazwa prowadzi do innej nazwy (CNAME), na której końcu nie ma rekordu TXT, albo w kółko. Proszę umieścić rekord bezpośrednio tam.",
            Fault::TooMuch => "Jest tego więcej, niż czytamy. Rekord albo plik powinien zawierać tylko ten wiersz.",
            Fault::NoAddress => "Host nie ma adresu.",
            Fault::NotPublic => "Jeden z adresów hosta nie należy do publicznego Internetu, więc niczego z niego nie pobieramy.",
            Fault::NoConnection => "Nie udało się połączyć z hostem przez https.",
            Fault::Certificate => "Certyfikat hosta nie jest zaufanym certyfikatem dla tej nazwy. Proszę użyć rekordu TXT albo odnowić certyfikat.",
            Fault::NoText => "To, co tam jest, nie jest tekstem w UTF-8.",
        }
        .to_owned(),
    }
}
