//! French.

use super::Words;

pub(super) static WORDS: Words = Words {
    tag: "fr",
    right_to_left: false,

    title_removed: "Ce contenu a été retiré",
    title_disabled: "L’accès à ce contenu est bloqué",
    title_blocked: "Ce contenu n’est pas accessible depuis certains pays",
    title_suspended: "Ce compte est suspendu",
    title_restricted: "Ce contenu est restreint",
    title_modified: "Ce contenu a été modifié",
    title_withheld: "Ce contenu n’est pas disponible",

    done_removed: "{platform} l’a retiré le {date}.",
    done_disabled: "{platform} en a bloqué l’accès le {date}.",
    done_blocked: "{platform} l’a bloqué le {date} pour les visiteurs de : {countries}.",
    done_suspended: "{platform} a suspendu le compte le {date}.",
    done_restricted: "{platform} l’a restreint le {date}.",
    done_modified: "{platform} l’a modifié le {date}.",
    done_withheld: "{platform} ne le met pas à disposition.",
    done_withheld_blocked: "{platform} ne le met pas à disposition dans tous les pays.",
    done_withheld_suspended: "{platform} a suspendu le compte.",
    done_withheld_restricted: "{platform} le restreint.",
    done_withheld_modified: "{platform} l’a modifié.",

    asked_terms: "{agency} ({country}) a demandé à {platform} de l’examiner. La demande était volontaire : personne n’était \
                  obligé d’y donner suite. {platform} a décidé selon ses propres conditions d’utilisation.",
    asked_law: "{agency} ({country}) a demandé à {platform} de l’examiner. La demande était volontaire : personne n’était \
                obligé d’y donner suite. {platform} a estimé, selon sa propre lecture de la loi, que le contenu est illicite.",
    ordered_law: "{agency} ({country}) l’a ordonné et invoque pour cela {citation}. {platform} a suivi l’injonction.",
    ordered_terms: "{agency} ({country}) a émis une injonction et invoque pour cela {citation}. {platform} déclare avoir décidé \
                    selon ses propres conditions d’utilisation.",
    territory: "L’injonction demande un effet dans : {territory}.",
    everywhere: "L’injonction demande un effet partout.",
    withdrawn: "{agency} est depuis revenue sur sa demande.",
    reference: "Référence : {reference}",

    redress: "Ce que vous pouvez faire",
    objection: "Ce contenu venait de vous ? Vous pouvez vous y opposer sans compte : ouvrez {url} et saisissez le code {code}. \
                {platform} lit ce que vous écrivez et vous répond au même endroit. Gardez le code : lui seul mène à la réponse.",
    court: "Vous pouvez aussi saisir un tribunal, comme la loi le prévoit.",
    court_order: "Vous pouvez faire examiner l’injonction par un tribunal, comme le prévoit le droit de : {jurisdiction}.",
    tco: "Règlement (UE) 2021/784 : sur demande, {platform} vous indique les motifs et vos droits ou vous remet une copie de \
          l’injonction (article 11, paragraphe 2). Vous pouvez contester l’injonction devant les tribunaux du pays dont \
          l’autorité l’a émise (article 9, paragraphe 2). Si {platform} a son établissement principal dans un autre État membre \
          de l’UE, vous pouvez, dans les 48 heures suivant l’information, demander à l’autorité de cet État d’examiner \
          l’injonction (article 4, paragraphe 4).",
    complaints: "Réclamations concernant {agency} : {complaints}",
    ask_platform: "Si ce contenu venait de vous, vous pouvez interroger {platform} à son sujet.",
};
