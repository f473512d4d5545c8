//! The table itself.

use std::fmt::Write;

use super::{Action, Role, Scope, Scopes};

/// What one role may do of one action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    No,
    /// Everything, without a scope.
    Open,
    /// To its own requests only, with this scope.
    Own(Scope),
    /// To all, with this scope. Never given over requests.
    All(Scope),
}

use Cell::{All, No, Open, Own};
use Scope::{
    ExportRead, InboxRead, RegistryRead, RegistryWrite, RequestsRead, RequestsWrite, WebhooksWrite,
};

/// What a role may do of an action.
///
/// "Own" means for an agency what it filed, for a platform what it is asked, for an auditor what his appointment
/// covers: everything, one agency or one platform.
pub const fn cell(action: Action, role: Role) -> Cell {
    let [agency, platform, auditor, operator, anonymous] = row(action);
    match role {
        Role::Agency => agency,
        Role::Platform => platform,
        Role::Auditor => auditor,
        Role::Operator => operator,
        Role::Anonymous => anonymous,
    }
}

//                                   agency, platform, auditor, operator, anybody
const PUBLIC: [Cell; 5] = [Open, Open, Open, Open, Open];
const FILING: [Cell; 5] = [Own(RequestsWrite), No, No, No, No];
const READING: [Cell; 5] = [
    Own(RequestsRead),
    Own(RequestsRead),
    Own(RequestsRead),
    No,
    No,
];
const ANSWERING: [Cell; 5] = [No, Own(RequestsWrite), No, No, No];
const EITHER_SIDE: [Cell; 5] = [Own(RequestsWrite), Own(RequestsWrite), No, No, No];
/// What a party keeps for itself: no auditor reads it, and no operator.
const OWN_PAPERS: [Cell; 5] = [Own(RequestsRead), Own(RequestsRead), No, No, No];
const KNOWING_WHO: [Cell; 5] = [
    All(RegistryRead),
    All(RegistryRead),
    All(RegistryRead),
    All(RegistryRead),
    No,
];
const NOBODY: [Cell; 5] = [No, No, No, No, No];
// What the law says is no secret, but this is no public service either.
const KNOWN: [Cell; 5] = [Open, Open, Open, Open, No];
const OVERSEEING: [Cell; 5] = [No, No, No, All(RegistryRead), No];
const REGISTERING: [Cell; 5] = [No, No, No, All(RegistryWrite), No];

const fn row(action: Action) -> [Cell; 5] {
    match action {
        Action::IssueToken
        | Action::ReadServerMetadata
        | Action::ReadKeys
        | Action::ReadSpecification
        | Action::ReadDocs
        | Action::ReadLiveness
        | Action::ReadReadiness
        | Action::ReadMetrics
        // Whoever has the code was sent the mail; the page shows less than the mail and no content.
        | Action::CheckMail
        // Whoever has the code saw the page that stands in the place of what he put there.
        | Action::LookAtObjection
        // Hashes that tell nothing, for whoever wants to check us.
        | Action::ReadLog
        | Action::ReadProof
        | Action::ReadReceipt
        | Action::ReadCheckpoint
        | Action::ReadTile
        | Action::Object
        // Whoever has the link was sent the mail. Behind it he acts as the platform, on one request.
        | Action::OpenByLink
        | Action::AnswerByLink
        | Action::RenewLink
        // Whoever claims has the link of a mail; what he gets by it depends on what he proves of the domain.
        | Action::OpenClaim
        | Action::ClaimByLink
        // Whoever has the address was given it by the party; what stands there names no locator and no person.
        | Action::ShowFeed
        // Whoever has the link was sent the mail. It ends mails, and takes nothing out of the inbox.
        | Action::LookAtUnsubscribing
        | Action::Unsubscribe
        // Counts, of which those that are small are left out.
        | Action::ReadTransparency
        | Action::ShowTransparency
        // Of what there is in a sandbox nothing is real.
        | Action::ReadSandbox => PUBLIC,
        // These are answered by a sandbox alone. Whoever comes there has no credentials yet.
        Action::MakeTestParties => [Open, Open, No, Open, Open],
        // Not for whoever only passes by: it is the clock of all who try something there.
        Action::MoveTestClock => [Open, Open, No, Open, No],
        Action::FileByRobot => [No, Own(InboxRead), No, No, No],
        Action::FileRequest
        | Action::FileBatch
        | Action::ImportRecords
        | Action::WithdrawImport
        | Action::Withdraw
        // Who collected it answers for how long it is kept. The operator sees no request and cannot judge what is to go.
        | Action::EraseRequest
        | Action::Correct
        | Action::Attribute
        | Action::ExtendNonDisclosure
        | Action::LiftNonDisclosure
        | Action::ExtendPreservation
        | Action::ReleasePreservation
        | Action::RecordCopy
        | Action::RecordFinal
        | Action::AddSigningKey
        | Action::SendLink
        | Action::RevokeLinks
        // Addresses of somebody else: those that the agency found itself.
        | Action::AddContacts
        | Action::ReplaceContacts
        | Action::GiveNotice => FILING,
        Action::ReadContacts => [Own(RequestsRead), No, No, No, No],
        // That somebody doubts, and whom; who was let in by which mail: nothing of what is asked.
        Action::ListDoubts | Action::ListLinks => [Own(RequestsRead), No, No, All(RegistryRead), No],
        // Whoever filed it must not vouch for himself.
        Action::SettleDoubt => [Own(RequestsWrite), No, No, All(RegistryWrite), No],
        // Of an order that another agency filed, whoever has its copy reads what the platform reads, and nothing else of
        // that agency; its own is what was copied to it.
        Action::ListScrutinies | Action::ReadScrutiny => [Own(RequestsRead), No, No, No, No],
        Action::AnnounceScrutiny | Action::DecideScrutiny => FILING,
        Action::ListNotices | Action::ReadNotice => OWN_PAPERS,
        // A count: for the platform, and for whoever scrutinises orders to platforms of its country.
        Action::CountFinalOrders => OWN_PAPERS,
        // What others asked is told to those who ask themselves, and to nobody else.
        Action::LookUpItems | Action::LookUpManyItems => [Own(RequestsRead), No, No, No, No],
        // An agency's own account of what it asked elsewhere. The platform that it names was not asked here.
        Action::ListImports | Action::ReadImport => [
            Own(RequestsRead),
            No,
            Own(RequestsRead),
            No,
            No,
        ],
        Action::LookUpDigests => [No, Own(RequestsRead), No, No, No],
        // Being named is an agency's own to agree to; the operator may record it for one that asks him to.
        Action::NameAgency | Action::SetAgencyNotification => {
            [Own(RequestsWrite), No, No, All(RegistryWrite), No]
        }
        // An agency ties its own hands; only the operator, whom it can be heard by another way than its login, unties them.
        Action::RequireSignatures => [Own(RequestsWrite), No, No, All(RegistryWrite), No],
        Action::ListRequests
        | Action::ReadRequest
        | Action::ReadForm
        | Action::ReadSigned
        | Action::ReadHistory
        | Action::ListReads
        | Action::ListCorrections
        | Action::ListMessages
        | Action::ListObjections
        | Action::ListObjectionsOfRequest
        | Action::ReadDocument => READING,
        Action::ReadHold | Action::ListInternalNotes | Action::ListTexts | Action::ReadText | Action::FillText => {
            OWN_PAPERS
        }
        Action::ReadInbox
        | Action::FollowInbox
        | Action::ListFeeds
        | Action::ListWebhooks
        | Action::ReadWebhook
        | Action::ListWebhookDeliveries => [Own(InboxRead), Own(InboxRead), No, No, No],
        // Whoever only reads must not be able to say where else it is told.
        Action::OpenFeed
        | Action::EndFeed
        | Action::CreateWebhook
        | Action::ChangeWebhook
        | Action::RemoveWebhook
        | Action::RotateWebhookKeys
        | Action::TestWebhook
        | Action::ReplayWebhook => [Own(WebhooksWrite), Own(WebhooksWrite), No, No, No],
        Action::Acknowledge
        | Action::Decide
        | Action::Close
        | Action::AskScrutiny
        | Action::Doubt
        | Action::HoldPreservation
        | Action::DeletePreserved
        | Action::AnswerObjection => ANSWERING,
        // What the platform shows is its own; an agency has no business with the code in it.
        Action::ReadTombstone => [No, Own(RequestsRead), Own(RequestsRead), No, No],
        Action::PostMessage
        | Action::AttachDocument
        | Action::Reopen
        | Action::PlaceHold
        | Action::LiftHold
        | Action::WriteInternalNote
        | Action::SaveText
        | Action::ReplaceText
        | Action::RemoveText => EITHER_SIDE,
        Action::ListInstruments | Action::ReadInstrument => KNOWN,
        // A collection is of what a platform is asked. What tells of no content is read as the inbox is, objects as requests are.
        Action::DiscoverCollections
        | Action::ReadApiRoot
        | Action::ListCollections
        | Action::ReadCollection
        | Action::ReadManifest
        | Action::ReadObjectVersions => [No, Own(InboxRead), No, No, No],
        Action::ReadObjects | Action::ReadObject => [No, Own(RequestsRead), No, No, No],
        Action::AddObjects | Action::DeleteObject => NOBODY,
        // The statement is the platform's own; nobody else has a use for its draft.
        Action::DraftStatement | Action::MakeStatement | Action::MakeStatements => [No, Own(RequestsRead), No, No, No],
        // Whoever leads an operation and whoever accepted an invitation to it agreed that the others know of his requests
        // in it: that they exist, whom they ask and where they stand. Not to being read: what is asked and why stays with
        // the agency that filed it, and the request itself answers 404 to the others as before (invariant 4).
        Action::ListOperations | Action::ReadOperation | Action::ListRequestsOfOperation => [
            Own(RequestsRead),
            No,
            Own(RequestsRead),
            No,
            No,
        ],
        Action::OpenOperation
        | Action::AddToOperation
        | Action::InviteToOperation
        | Action::RemoveFromOperation
        | Action::AnswerInvitation => FILING,
        // What an agency learned of where material goes next is its own. Agencies that work with it on an operation agreed to
        // know of its requests, not of what it watches; platforms would learn what is watched.
        Action::ListSightings | Action::ReadSighting | Action::ReadChain => [
            Own(RequestsRead),
            No,
            Own(RequestsRead),
            No,
            No,
        ],
        Action::RecordSighting
        | Action::ReviseSighting
        | Action::FollowSighting
        | Action::RetractSighting => FILING,
        // A list to work through: of use to the agency alone.
        Action::ReadOutreach => [Own(RequestsRead), No, No, No, No],
        // Keys are there to be known.
        Action::ListAgencies | Action::ReadAgency | Action::ListSigningKeys => KNOWING_WHO,
        // Whoever loses a key must be able to end it, and so must the operator for one who cannot.
        Action::RevokeSigningKey => [Own(RequestsWrite), No, No, All(RegistryWrite), No],
        // The agency's pseudonym is shown to itself alone: see `app::signed::uses`.
        Action::ListSigningKeyUses => [Own(RequestsRead), No, Own(RequestsRead), No, No],
        // Counts without content. Whoever is asked may judge by them how far to trust who asks, and whoever oversees the
        // exchange must; another agency has no business with them.
        Action::ReadAgencyRecord => [
            Own(RegistryRead),
            All(RegistryRead),
            Own(RegistryRead),
            All(RegistryRead),
            No,
        ],
        // A directory of who is asked is worth stealing; a platform needs to know of no other.
        Action::ListPlatforms | Action::ReadPlatform => [
            All(RegistryRead),
            Own(RegistryRead),
            All(RegistryRead),
            All(RegistryRead),
            No,
        ],
        Action::RegisterAgency
        | Action::ChangeAgency
        | Action::VerifyAgency
        | Action::ConfirmAgency
        | Action::SuspendAgency
        | Action::ReinstateAgency
        | Action::RecordCompetence
        | Action::ConfirmSigningKey
        | Action::RegisterPlatform
        | Action::ChangePlatform
        | Action::VerifyPlatform
        | Action::StartClaim
        | Action::LookAtClaim
        | Action::SuspendPlatform
        | Action::ReinstatePlatform
        | Action::RegisterClient
        | Action::SuspendClient
        | Action::ReinstateClient
        | Action::RotateCredentials
        // Whoever runs the way out knows when it works again.
        | Action::SendAgain => REGISTERING,
        // That something fails, and not where to: addresses may hold secrets.
        Action::ListClients | Action::ReadClient | Action::ListClaims | Action::ListWebhookHealth => OVERSEEING,
        Action::ExportRequests | Action::ExportImports => [Own(ExportRead), No, Own(ExportRead), No, No],
        // A file is its client's who asked for it.
        Action::ListExports
        | Action::MakeExport
        | Action::ReadExport
        | Action::DownloadExport
        | Action::RetryExport
        | Action::ForgetExport => [Own(ExportRead), No, Own(ExportRead), No, No],
        // Platforms have to report as well, of what they were asked.
        Action::ExportTransparency => [
            Own(ExportRead),
            Own(RequestsRead),
            Own(ExportRead),
            No,
            No,
        ],
        // The platform knows when it sleeps; the operator helps those who wrote to him.
        Action::SetNotification => [No, Own(RequestsWrite), No, All(RegistryWrite), No],
        // The operator sees that a message failed and to which address, not what it was about.
        Action::ListDeliveries => [Own(RequestsRead), No, No, All(RegistryRead), No],
    }
}

impl Role {
    /// The scopes that credentials of this role can make use of; asking for others is refused.
    pub fn scopes(self) -> Scopes {
        Action::ALL
            .iter()
            .filter_map(|action| match cell(*action, self) {
                Own(scope) | All(scope) => Some(scope),
                No | Open => None,
            })
            .collect()
    }
}

impl std::fmt::Display for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            No => f.write_str("–"),
            Open => f.write_str("yes"),
            Own(scope) => write!(f, "own, `{scope}`"),
            All(scope) => write!(f, "all, `{scope}`"),
        }
    }
}

/// The table as a Markdown document, checked in as `docs/policy.md`.
pub fn table() -> String {
    let mut text = String::from(
        "# Who may do what\n\n\
         Generated from `core/src/policy/table.rs`; `UPDATE_GOLDEN=1 cargo test -p takedown-core` writes it anew.\n\n\
         - **own**: for an agency what it filed, for a platform what it is asked, for an auditor what his appointment \
         covers (everything, one agency or one platform), of platforms a platform itself. What is not one's own answers 404, like what never was.\n\
         - **own** of operations: those an agency leads, has joined or is invited to; of an auditor, those of the agency he \
         is appointed for. Lead and joined agencies see that each other's requests in it exist, whom they ask, and where \
         they stand: by inviting and by accepting both agreed to that. They did not agree to be read: reasons, items, \
         grounds, file numbers and messages stay with the agency that filed, and its request answers 404 to the others. \
         Who is only invited sees the label, the lead and the invitation.\n\
         - **own** of sightings: those the agency recorded; of an auditor, those of the agency he is appointed for. Agencies in \
         one operation see none of each other's, and neither does an auditor of one platform.\n\
         - **own** of reads: by one's own side, of a request that one may read; of an auditor of everything, all of them; of an auditor \
         of one party, those by that party.\n\
         - **all**: not narrowed. No role has this over requests; the operator reads none.\n\
         - **–**: 403, or 401 for a caller who is not known. `the:scope` is what the credentials must be made for; \
         without it 403.\n\n\
         | action | endpoint |",
    );
    for role in Role::ALL {
        let _ = write!(text, " {role} |");
    }
    text.push_str("\n|---|---|");
    text.push_str(&"---|".repeat(Role::ALL.len()));
    text.push('\n');
    for action in Action::ALL {
        let (verb, path) = action.endpoint();
        let _ = write!(text, "| {action} | `{verb} {path}` |");
        for role in Role::ALL {
            let _ = write!(text, " {} |", cell(*action, *role));
        }
        text.push('\n');
    }
    text.push_str("\n## Scopes a role can use\n\n| role | scopes |\n|---|---|\n");
    for role in Role::ALL {
        let scopes = role.scopes();
        let shown = if scopes.is_empty() {
            String::from("–")
        } else {
            format!("`{scopes}`")
        };
        let _ = writeln!(text, "| {role} | {shown} |");
    }
    text
}
