//! French.

use takedown_core::claim::{Fault, Found};

use super::Words;

pub(super) static WORDS: Words = Words {
    tag: "fr",
    dir: "ltr",
    name: "Français",
    says,

    languages: "Langue",
    title: "Une boîte de réception à vous",
    back: "Retour à la demande",
    intro: "Le responsable d’un site peut avoir ici une boîte de réception : les demandes y arrivent au lieu de passer par des \
            liens dans des courriels, vers un programme ou en ligne de commande. C’est gratuit, et vous pouvez tout aussi bien \
            continuer à répondre par les liens.",
    proves: "Pour montrer que le site est à vous, vous publiez une ligne que seul son propriétaire peut y mettre. Cela prouve qui \
             contrôle le nom aujourd’hui, et rien d’autre : nous ne demandons pas qui vous êtes.",
    taken: "Quelqu’un a déjà une boîte de réception pour ce site. Si ce n’est pas vous, apportez la preuve quand même : rien ne \
            change alors tout seul, et l’opérateur de cette plateforme d’échange décide. Écrivez-lui aussi.",
    no_host: "Ce site est connu par une adresse qui n’est pas un nom du système de noms de domaine ; rien ne peut y être prouvé. \
              L’opérateur de cette plateforme d’échange peut vous aider.",
    host_label: "Votre site",
    start_button: "Montrer ce qu’il faut publier",
    over: "Le délai pour ce que vous deviez publier est passé. Recommencez ; la ligne aura un autre code.",
    put_title: "Publiez l’un des deux",
    put_line: "Un seul suffit. Vous pourrez l’enlever ensuite.",
    record_title: "Un enregistrement TXT dans le système de noms de domaine",
    record_name: "Nom",
    record_type: "Type d’enregistrement",
    record_value: "Valeur",
    record_none: "Un enregistrement ne prouve rien pour ce site : son nom a été attribué par quelqu’un qui gère la zone. Publiez \
                  le fichier.",
    file_title: "Ou un fichier sur le serveur web",
    file_at: "Adresse",
    file_content: "Contenu, une ligne",
    until: "Nous le cherchons jusqu’au",
    look_title: "Vérifier s’il est là",
    look_line: "Personne ne vérifie de lui-même : appuyez quand il est là. Un nouvel enregistrement peut prendre quelques minutes.",
    look_button: "Vérifier maintenant",
    looked_at: "Ce qui s’y trouvait la dernière fois",
    record_label: "Enregistrement TXT",
    file_label: "Fichier",
    granted_title: "Le site est à vous, et voici votre boîte de réception",
    granted_before: "Ce site a sa boîte de réception depuis que la preuve a été vue. Les identifiants ont été montrés une fois.",
    client_label: "Identifiant (client)",
    secret_label: "Secret (mot de passe)",
    once: "Copiez les deux maintenant : le secret n’est gardé nulle part. Recharger cette page le montre pendant dix minutes ; ensuite, plus rien ne le montre.",
    what_now: "Avec ces lignes, vous voyez si quelque chose vous attend :",
    inbox_line: "La suite, y compris un webhook qui vous prévient aussitôt, est décrite dans la documentation :",
    links_line: "Les liens de réponse déjà envoyés restent valables jusqu’à leur fin, sauf si vous y mettez fin ci-dessous. Les \
                 nouveaux courriels n’en contiennent plus.",
    settle_title: "Comment vous écrire",
    settle_line: "Vous pouvez le changer ici pendant une heure.",
    contacts_label: "Adresses électroniques, la principale d’abord",
    languages_label: "Langues que vous lisez, la meilleure d’abord (deux lettres chacune, par exemple fr, en)",
    zone_label: "Votre fuseau horaire (par exemple Europe/Paris, Africa/Cairo)",
    end_links_label: "Mettre fin maintenant à tous les liens de réponse de ce site, y compris cette page",
    settle_button: "Enregistrer",
    saved: "Enregistré.",
    contested_title: "La preuve est là ; l’opérateur décide",
    contested_line: "Quelqu’un agit ou répond déjà ici pour ce site, ou il a d’autres noms que celui que vous avez prouvé ; rien n’a donc \
                     été changé automatiquement. L’opérateur de cette \
                     plateforme d’échange voit votre preuve. Écrivez-lui et dites qui vous êtes ; cela ira plus vite.",
    ask_operator: "L’opérateur de cette plateforme d’échange peut vous aider :",
    lost_secret: "Vous avez perdu le secret ? L’opérateur en donne un autre au client.",
    wrong_title: "Rien n’a été changé",
    wrong_unreadable: "L’envoi n’a pas pu être lu. Veuillez l’envoyer de nouveau depuis cette page.",
    wrong_elsewhere: "Le formulaire a été envoyé depuis un autre site. Veuillez l’envoyer d’ici.",
    wrong_soon: "Nous venons de vérifier. Attendez dix secondes et appuyez de nouveau.",
    wrong_enough: "Nous avons cherché cette ligne 100 fois, pas davantage. Recommencez quand son délai sera passé, ou demandez à \
                   l’opérateur.",
    wrong_over: "Le délai de cette ligne est passé. Recommencez ; la ligne aura un autre code.",
    wrong_moved: "Ce site ne relève plus de celui au sujet duquel on vous a écrit. Demandez à l’opérateur.",
    wrong_host: "Choisissez l’un des noms de la liste.",
    wrong_many: "Cinq démarches ont été commencées en un jour, pas davantage. Continuez avec la dernière, ou revenez demain.",
    wrong_none: "Commencez d’abord : choisissez le site et faites-vous montrer ce qu’il faut publier.",
    wrong_later: "Cela n’a pas été possible pour le moment. Veuillez appuyer de nouveau dans quelques minutes.",
    wrong_ticket: "Cela ne se change que depuis la page qui a montré les identifiants, pendant une heure. Demandez-le à \
                   l’opérateur.",
    wrong_contacts: "Donnez une à dix adresses électroniques.",
    wrong_languages: "Donnez une à dix langues, deux lettres chacune, par exemple fr, en.",
    wrong_zone: "Donnez le nom d’un fuseau horaire, par exemple Europe/Paris.",
};

fn says(found: &Found) -> String {
    match found {
        Found::Proof => "La preuve est là.".to_owned(),
        Found::Nothing => "Il n’y a pas encore d’enregistrement TXT de ce nom. Un nouvel enregistrement peut mettre quelques minutes à être visible.".to_owned(),
        Found::Quoted => "Il s’y trouve entre guillemets, qui font partie du texte. Enlevez les guillemets.".to_owned(),
        Found::Bare => "Seul le code s’y trouve. Copiez la ligne entière, avec ce qui le précède.".to_owned(),
        Found::OtherCode => "Un code s’y trouve, mais pas celui-ci : il vient d’une démarche antérieure ou de quelqu’un d’autre. Mettez celui-ci à sa place.".to_owned(),
        Found::Cut { after } => format!("La ligne s’arrête après {after} caractères ; le reste manque. Copiez la ligne entière."),
        Found::Differs {
            character,
            stands,
            wanted,
        } => match (stands.is_empty(), wanted.is_empty()) {
            (true, _) => format!("Presque juste : le caractère {character} manque, « {wanted} »."),
            (_, true) => format!("Presque juste : à partir du caractère {character}, il y en a trop, à commencer par « {stands} »."),
            _ => format!("Presque juste : le caractère {character} est « {stands} » et devrait être « {wanted} »."),
        },
        Found::Other { shown } => format!("Autre chose s’y trouve : « {shown} ». Ajoutez la ligne ; ce qui s’y trouve peut rester."),
        Found::Elsewhere { name } => format!("L’enregistrement est juste mais se trouve à {name}. Déplacez-le au nom ci-dessus ; beaucoup de formulaires ajoutent le domaine d’eux-mêmes."),
        Found::Status { status: 404 } => "Le serveur web dit que ce fichier n’existe pas (404).".to_owned(),
        Found::Status { status } => format!("Le serveur web répond {status} au lieu du fichier."),
        Found::Redirect { to: Some(to) } => format!("Le serveur web renvoie vers {to}, ce que nous ne suivons pas. Faites-le répondre par le fichier lui-même."),
        Found::Redirect { to: None } => "Le serveur web renvoie ailleurs, ce que nous ne suivons pas. Faites-le répondre par le fichier lui-même.".to_owned(),
        Found::Html => "Le serveur web répond par une page HTML. Faites-le répondre par un fichier texte qui ne contient que la ligne.".to_owned(),
        Found::Failed { why } => match why {
            Fault::ServerFailure => "Les serveurs de noms du domaine répondent par une erreur. Demandez à qui les gère.",
            Fault::NoAnswer => "Personne n’a répondu à temps. Réessayez dans quelques minutes.",
            Fault::DeadEnd => "Le nom mène à un autre nom (CNAME) au bout duquel il n’y a pas d’enregistrement TXT, ou tourne en rond. Mettez l’enregistrement là même.",
            Fault::TooMuch => "Il y en a plus que nous n’en lisons. Que l’enregistrement ou le fichier ne contienne que la ligne.",
            Fault::NoAddress => "L’hôte n’a pas d’adresse.",
            Fault::NotPublic => "Une des adresses de l’hôte n’est pas sur l’Internet public ; rien n’y est donc lu.",
            Fault::NoConnection => "Aucune connexion à l’hôte par https n’a abouti.",
            Fault::Certificate => "Le certificat de l’hôte n’est pas un certificat de confiance pour ce nom. Utilisez plutôt l’enregistrement TXT, ou renouvelez le certificat.",
            Fault::NoText => "Ce qui s’y trouve n’est pas du texte en UTF-8.",
        }
        .to_owned(),
    }
}
