//! French.

use super::Words;

pub(super) static WORDS: Words = Words {
    tag: "fr",
    dir: "ltr",
    name: "Français",
    outcomes: [
        "La plateforme vous donne raison.",
        "La plateforme vous donne raison en partie.",
        "La plateforme ne vous donne pas raison : la mesure est maintenue.",
        "La plateforme n’a pas examiné l’opposition.",
    ],

    languages: "Langue",
    enter_title: "S’opposer à un retrait",
    enter_line: "La page qui remplace votre contenu montre un code. Saisissez-le ici pour voir ce qui a été fait, vous y opposer et lire la \
                 réponse. Aucun compte n’est nécessaire.",
    enter_label: "Code de la page (16 lettres et chiffres)",
    enter_button: "Continuer",
    unknown_title: "Nous ne connaissons pas ce code",
    unknown_line: "Comparez-le avec la page : il a 16 lettres et chiffres en quatre groupes. Les lettres I, L, O et U n’y figurent pas ; \
                   majuscules ou minuscules, peu importe.",
    later_title: "Nous ne pouvons pas le vérifier pour le moment",
    later_line: "Veuillez réessayer dans quelques minutes.",
    ask_operator: "L’exploitant de ce service répond aux questions.",
    sent: "Votre opposition est chez la plateforme. Revenez avec le code pour lire la réponse.",
    nothing_done: "Aucune mesure ne vise plus ce contenu",
    earlier: "Oppositions jusqu’ici",
    waiting: "Pas encore de réponse.",
    restored: "Le contenu a été rétabli.",
    form_title: "S’opposer",
    form_reader: "Ce que vous écrivez est lu par",
    form_line: "et par des auditeurs, non par l’autorité qui a fait la demande. Vous n’avez pas à dire qui vous êtes, et mieux vaut s’en abstenir : \
                ni nom, ni adresse. Quiconque a le code peut lire la réponse ici.",
    text_label: "Pourquoi la décision est-elle erronée ? (5 000 caractères au plus)",
    language_label: "Langue de votre texte",
    language_other: "une autre",
    send: "Envoyer",
    closed_nothing: "Il n’y a rien à quoi s’opposer pour le moment.",
    closed_open: "Une opposition est chez la plateforme. Une autre sera possible quand elle aura reçu une réponse.",
    closed_enough: "Aucune autre opposition n’est acceptée pour ce contenu.",
    wrong_elsewhere: "Ce formulaire a été envoyé depuis un autre site. Veuillez l’envoyer d’ici.",
    wrong_unreadable: "L’envoi n’a pas pu être lu. Veuillez le renvoyer.",
    wrong_encoding: "L’envoi n’est pas écrit en UTF-8 : certains caractères sont illisibles. Rien n’a été enregistré : veuillez réécrire \
                     le texte et l’envoyer depuis cette page.",
    wrong_empty: "Veuillez écrire pourquoi la décision est erronée.",
    wrong_long: "Le texte est trop long : 5 000 caractères au plus.",
    wrong_control: "Le texte contient des caractères de contrôle dont aucun texte n’a besoin. Veuillez les retirer.",
    wrong_later: "Nous n’avons pas pu l’enregistrer. Votre texte est toujours là : veuillez le renvoyer dans quelques minutes.",
    nothing_shown: "Cette page ne montre jamais le contenu lui-même.",
};
