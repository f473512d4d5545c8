//! German.

use takedown_core::claim::{Fault, Found};

use super::Words;

pub(super) static WORDS: Words = Words {
    tag: "de",
    dir: "ltr",
    name: "Deutsch",
    says,

    languages: "Sprache",
    title: "Ein eigener Eingang",
    back: "Zurück zum Ersuchen",
    intro: "Wer für eine Website zuständig ist, kann hier einen Eingang haben: Ersuchen kommen dann dorthin statt über Links in \
            E-Mails, zu einem Programm oder auf die Kommandozeile. Es kostet nichts, und Sie können ebenso gut weiter über Links \
            antworten.",
    proves: "Um zu zeigen, dass die Website Ihre ist, stellen Sie eine Zeile ein, die nur ihr Inhaber dort einstellen kann. Das \
             belegt, wer heute über den Namen verfügt, und sonst nichts: Wir fragen nicht, wer Sie sind.",
    taken: "Für diese Website hat schon jemand einen Eingang. Wenn Sie das nicht sind, erbringen Sie den Nachweis trotzdem: Dann \
            ändert sich nichts von selbst, und der Betreiber dieser Vermittlungsstelle entscheidet. Schreiben Sie ihm auch.",
    no_host: "Diese Website ist unter einer Adresse bekannt, die kein Name im Domain Name System ist; dort lässt sich nichts \
              belegen. Der Betreiber dieser Vermittlungsstelle hilft.",
    host_label: "Ihre Website",
    start_button: "Zeigen, was einzustellen ist",
    over: "Die Zeit für das, was Sie einstellen sollten, ist abgelaufen. Beginnen Sie neu; die Zeile hat dann einen anderen Code.",
    put_title: "Stellen Sie eines von beiden ein",
    put_line: "Eines genügt. Danach können Sie es wieder wegnehmen.",
    record_title: "Ein TXT-Eintrag im Domain Name System",
    record_name: "Name des Eintrags",
    record_type: "Typ",
    record_value: "Wert",
    record_none: "Ein Eintrag belegt für diese Website nichts: Ihr Name wurde von jemandem vergeben, der die Zone verwaltet. \
                  Stellen Sie die Datei ein.",
    file_title: "Oder eine Datei auf dem Webserver",
    file_at: "Adresse",
    file_content: "Inhalt, eine Zeile",
    until: "Wir suchen danach bis",
    look_title: "Nachsehen, ob es da ist",
    look_line: "Niemand sieht von selbst nach: Drücken Sie, wenn es da ist. Ein neuer Eintrag kann einige Minuten brauchen.",
    look_button: "Jetzt nachsehen",
    looked_at: "Was beim letzten Mal da war",
    record_label: "TXT-Eintrag",
    file_label: "Datei",
    granted_title: "Die Website ist Ihre, und das ist Ihr Eingang",
    granted_before: "Diese Website hat ihren Eingang, seit der Nachweis da war. Die Zugangsdaten wurden einmal gezeigt.",
    client_label: "Kennung (Client)",
    secret_label: "Geheimnis",
    once: "Kopieren Sie jetzt beides: Das Geheimnis wird nirgends aufbewahrt. Wer diese Seite neu lädt, sieht es zehn Minuten lang, danach zeigt es nichts mehr.",
    what_now: "Mit diesen Zeilen sehen Sie, ob etwas auf Sie wartet:",
    inbox_line: "Wie es weitergeht, auch mit einem Webhook, der Ihnen sofort Bescheid gibt, steht in der Dokumentation:",
    links_line: "Verschickte Antwortlinks gelten weiter, bis sie enden, außer Sie beenden sie unten. Neue E-Mails enthalten keine \
                 mehr.",
    settle_title: "Wie wir Ihnen schreiben sollen",
    settle_line: "Eine Stunde lang können Sie das hier ändern.",
    contacts_label: "E-Mail-Adressen, die wichtigste zuerst",
    languages_label: "Sprachen, die Sie lesen, die beste zuerst (je zwei Buchstaben, zum Beispiel de, en)",
    zone_label: "Ihre Zeitzone (zum Beispiel Europe/Berlin, Africa/Cairo)",
    end_links_label: "Alle Antwortlinks zu dieser Website jetzt beenden, auch diese Seite",
    settle_button: "Speichern",
    saved: "Gespeichert.",
    contested_title: "Der Nachweis ist da; der Betreiber entscheidet",
    contested_line: "Für diese Website handelt oder antwortet hier schon jemand, oder sie hat noch andere Namen als den, den Sie belegt \
                     haben; deshalb wurde nichts von selbst geändert. Der Betreiber dieser \
                     Vermittlungsstelle sieht Ihren Nachweis. Schreiben Sie ihm und sagen Sie, wer Sie sind; so geht es schneller.",
    ask_operator: "Der Betreiber dieser Vermittlungsstelle hilft:",
    lost_secret: "Haben Sie das Geheimnis verloren? Der Betreiber gibt dem Client ein anderes.",
    wrong_title: "Nichts wurde geändert",
    wrong_unreadable: "Was gesendet wurde, ließ sich nicht lesen. Bitte senden Sie es noch einmal von dieser Seite.",
    wrong_elsewhere: "Das Formular kam von einer anderen Website. Bitte senden Sie es von hier.",
    wrong_soon: "Wir haben gerade erst nachgesehen. Warten Sie zehn Sekunden und drücken Sie noch einmal.",
    wrong_enough: "Wir haben 100-mal nach dieser Zeile gesehen, mehr nicht. Beginnen Sie neu, wenn ihre Zeit abgelaufen ist, oder \
                   fragen Sie den Betreiber.",
    wrong_over: "Die Zeit für diese Zeile ist abgelaufen. Beginnen Sie neu; die Zeile hat dann einen anderen Code.",
    wrong_moved: "Diese Website gehört nicht mehr zu der, wegen der Ihnen geschrieben wurde. Fragen Sie den Betreiber.",
    wrong_host: "Wählen Sie einen Namen aus der Liste.",
    wrong_many: "An einem Tag wurde fünfmal begonnen, mehr geht nicht. Machen Sie mit dem letzten weiter oder kommen Sie morgen \
                 wieder.",
    wrong_none: "Beginnen Sie zuerst: Wählen Sie die Website und lassen Sie sich zeigen, was einzustellen ist.",
    wrong_later: "Das ging gerade nicht. Bitte drücken Sie in einigen Minuten noch einmal.",
    wrong_ticket: "Das lässt sich nur auf der Seite ändern, die die Zugangsdaten gezeigt hat, eine Stunde lang. Bitten Sie den \
                   Betreiber darum.",
    wrong_contacts: "Geben Sie eine bis zehn E-Mail-Adressen an.",
    wrong_languages: "Geben Sie eine bis zehn Sprachen an, je zwei Buchstaben, zum Beispiel de, en.",
    wrong_zone: "Geben Sie den Namen einer Zeitzone an, zum Beispiel Europe/Berlin.",
};

fn says(found: &Found) -> String {
    match found {
        Found::Proof => "Der Nachweis ist da.".to_owned(),
        Found::Nothing => "Es gibt noch keinen TXT-Eintrag dieses Namens. Ein neuer Eintrag kann einige Minuten brauchen, bis man ihn sieht.".to_owned(),
        Found::Quoted => "Er steht in Anführungszeichen, die zum Text gehören. Lassen Sie die Anführungszeichen weg.".to_owned(),
        Found::Bare => "Nur der Code ist da. Kopieren Sie die ganze Zeile, mit dem, was davor steht.".to_owned(),
        Found::OtherCode => "Ein Code ist da, aber nicht dieser: Er stammt von einem früheren Versuch oder von jemand anderem. Setzen Sie diesen an seine Stelle.".to_owned(),
        Found::Cut { after } => format!("Die Zeile endet nach {after} Zeichen; der Rest fehlt. Kopieren Sie die ganze Zeile."),
        Found::Differs {
            character,
            stands,
            wanted,
        } => match (stands.is_empty(), wanted.is_empty()) {
            (true, _) => format!("Fast richtig: Zeichen {character} fehlt, „{wanted}“."),
            (_, true) => format!("Fast richtig: Ab Zeichen {character} steht mehr da als nötig, beginnend mit „{stands}“."),
            _ => format!("Fast richtig: Zeichen {character} ist „{stands}“ und soll „{wanted}“ sein."),
        },
        Found::Other { shown } => format!("Etwas anderes ist da: „{shown}“. Fügen Sie die Zeile hinzu; was da ist, kann bleiben."),
        Found::Elsewhere { name } => format!("Der Eintrag stimmt, steht aber bei {name}. Verschieben Sie ihn zu dem Namen oben; viele Formulare hängen die Domain von selbst an."),
        Found::Status { status: 404 } => "Der Webserver sagt, dass es keine solche Datei gibt (404).".to_owned(),
        Found::Status { status } => format!("Der Webserver antwortet {status} statt mit der Datei."),
        Found::Redirect { to: Some(to) } => format!("Der Webserver leitet weiter zu {to}; dem folgen wir nicht. Lassen Sie ihn mit der Datei selbst antworten."),
        Found::Redirect { to: None } => "Der Webserver leitet woandershin weiter; dem folgen wir nicht. Lassen Sie ihn mit der Datei selbst antworten.".to_owned(),
        Found::Html => "Der Webserver antwortet mit einer HTML-Seite. Lassen Sie ihn mit einer Textdatei antworten, in der nur die Zeile steht.".to_owned(),
        Found::Failed { why } => match why {
            Fault::ServerFailure => "Die Nameserver der Domain antworten mit einem Fehler. Fragen Sie, wer sie betreibt.",
            Fault::NoAnswer => "Niemand hat rechtzeitig geantwortet. Versuchen Sie es in einigen Minuten noch einmal.",
            Fault::DeadEnd => "Der Name führt zu einem anderen Namen (CNAME), an dessen Ende kein TXT-Eintrag steht, oder im Kreis. Stellen Sie den Eintrag dort selbst ein.",
            Fault::TooMuch => "Da steht mehr, als gelesen wird. Lassen Sie im Eintrag oder in der Datei nur die Zeile stehen.",
            Fault::NoAddress => "Der Host hat keine Adresse.",
            Fault::NotPublic => "Eine der Adressen des Hosts liegt nicht im öffentlichen Internet, deshalb wird von ihm nichts abgerufen.",
            Fault::NoConnection => "Über https kam keine Verbindung mit dem Host zustande.",
            Fault::Certificate => "Das Zertifikat des Hosts ist keines für diesen Namen, dem man trauen kann. Nehmen Sie den TXT-Eintrag oder erneuern Sie das Zertifikat.",
            Fault::NoText => "Was da steht, ist kein Text in UTF-8.",
        }
        .to_owned(),
    }
}
