//! Everything that can be done through the doors, one action per verb and path.

use crate::text::coded_enum;

coded_enum! {
    /// Something that can be done.
    pub enum Action, "an action" {
        /// Get an access token.
        IssueToken => "issue_token",
        /// Read how to get one (RFC 8414).
        ReadServerMetadata => "read_server_metadata",
        /// Read the public keys that verify one.
        ReadKeys => "read_keys",
        /// Read the interface description.
        ReadSpecification => "read_specification",
        /// Read the documentation.
        ReadDocs => "read_docs",
        /// Ask whether the process lives.
        ReadLiveness => "read_liveness",
        /// Ask whether it can serve.
        ReadReadiness => "read_readiness",
        /// Read counts and timings, which name no party and no content.
        ReadMetrics => "read_metrics",
        /// Check with the code of a mail that the mail is real.
        CheckMail => "check_mail",
        /// File one request.
        FileRequest => "file_request",
        /// File up to 1,000.
        FileBatch => "file_batch",
        /// Ask whether items were asked about before.
        LookUpItems => "look_up_items",
        /// Ask it of up to 1,000, however long their locators are.
        LookUpManyItems => "look_up_many_items",
        /// Ask whether one was asked about digests of material on one's own service before.
        LookUpDigests => "look_up_digests",
        /// List requests.
        ListRequests => "list_requests",
        /// Read one in full; for the platform this is the receipt.
        ReadRequest => "read_request",
        /// Read what happened to it.
        ReadHistory => "read_history",
        /// See what was put right in a request.
        ListCorrections => "list_corrections",
        /// Poll for what is new.
        ReadInbox => "read_inbox",
        /// Say "we have it".
        Acknowledge => "acknowledge",
        /// Answer items.
        Decide => "decide",
        /// Finish.
        Close => "close",
        /// Read questions, obstacles, answers and notes.
        ListMessages => "list_messages",
        /// Write one.
        PostMessage => "post_message",
        /// Send a document: a message that carries a PDF.
        AttachDocument => "attach_document",
        /// Download a document.
        ReadDocument => "read_document",
        /// Read what one's own side wrote for itself.
        ListInternalNotes => "list_internal_notes",
        /// Write a note for one's own side.
        WriteInternalNote => "write_internal_note",
        /// Take a request back.
        Withdraw => "withdraw",
        /// Put new facts in the place of old ones.
        Correct => "correct",
        /// Say anew whom the material is thought to come from.
        Attribute => "attribute",
        /// Open a closed one again.
        Reopen => "reopen",
        /// Read a form of Regulation (EU) 2021/784, filled from the record; for the platform this is the receipt.
        ReadForm => "read_form",
        /// Read what a statement of reasons lacks (Regulation (EU) 2022/2065, Article 17).
        DraftStatement => "draft_statement",
        /// Put one together.
        MakeStatement => "make_statement",
        /// Put up to 100 together.
        MakeStatements => "make_statements",
        /// List operations.
        ListOperations => "list_operations",
        /// Begin an operation, as its lead.
        OpenOperation => "open_operation",
        /// Read an operation's progress.
        ReadOperation => "read_operation",
        /// Read which requests an operation has, and where each stands.
        ListRequestsOfOperation => "list_requests_of_operation",
        /// Put one's own requests into an operation.
        AddToOperation => "add_to_operation",
        /// Invite another agency.
        InviteToOperation => "invite_to_operation",
        /// End another agency's part in an operation one leads.
        RemoveFromOperation => "remove_from_operation",
        /// Answer an invitation: join, decline, leave.
        AnswerInvitation => "answer_invitation",
        /// List one's own saved texts.
        ListTexts => "list_texts",
        /// Save a text.
        SaveText => "save_text",
        /// Read one.
        ReadText => "read_text",
        /// Replace one.
        ReplaceText => "replace_text",
        /// Remove one.
        RemoveText => "remove_text",
        /// Fill the placeholders of one.
        FillText => "fill_text",
        /// List agencies.
        ListAgencies => "list_agencies",
        /// Register an agency.
        RegisterAgency => "register_agency",
        /// Read an agency and how it was verified.
        ReadAgency => "read_agency",
        /// Read how often an agency withdrew, corrected or was refused.
        ReadAgencyRecord => "read_agency_record",
        /// Change an agency.
        ChangeAgency => "change_agency",
        /// Record how an agency was verified.
        VerifyAgency => "verify_agency",
        /// Suspend an agency.
        SuspendAgency => "suspend_agency",
        /// End the suspension of an agency.
        ReinstateAgency => "reinstate_agency",
        /// Say whether an agency is named to others who ask about the same item.
        NameAgency => "name_agency",
        /// List platforms.
        ListPlatforms => "list_platforms",
        /// Register a platform.
        RegisterPlatform => "register_platform",
        /// Read a platform.
        ReadPlatform => "read_platform",
        /// Change a platform.
        ChangePlatform => "change_platform",
        /// Record how a platform was verified.
        VerifyPlatform => "verify_platform",
        /// Suspend a platform.
        SuspendPlatform => "suspend_platform",
        /// End the suspension of a platform.
        ReinstatePlatform => "reinstate_platform",
        /// List clients.
        ListClients => "list_clients",
        /// Register a client.
        RegisterClient => "register_client",
        /// Read a client, never its secret.
        ReadClient => "read_client",
        /// Suspend a client at once.
        SuspendClient => "suspend_client",
        /// End the suspension of a client.
        ReinstateClient => "reinstate_client",
        /// Give a client new credentials.
        RotateCredentials => "rotate_credentials",
        /// Export, one row per item.
        ExportRequests => "export_requests",
        /// List the powers that can be claimed here.
        ListInstruments => "list_instruments",
        /// Read what one of them allows and needs.
        ReadInstrument => "read_instrument",
        /// Read which messages could not be delivered.
        ListDeliveries => "list_deliveries",
    }
}

impl Action {
    /// The verb and path behind which the action lies.
    pub const fn endpoint(self) -> (&'static str, &'static str) {
        match self {
            Self::IssueToken => ("POST", "/oauth/token"),
            Self::ReadServerMetadata => ("GET", "/.well-known/oauth-authorization-server"),
            Self::ReadKeys => ("GET", "/.well-known/jwks.json"),
            Self::ReadSpecification => ("GET", "/openapi.json"),
            Self::ReadDocs => ("GET", "/docs"),
            Self::ReadLiveness => ("GET", "/livez"),
            Self::ReadReadiness => ("GET", "/readyz"),
            Self::ReadMetrics => ("GET", "/metrics"),
            Self::CheckMail => ("GET", "/check/{code}"),
            Self::FileRequest => ("POST", "/v1/requests"),
            Self::FileBatch => ("POST", "/v1/requests/batch"),
            Self::LookUpItems => ("GET", "/v1/lookups"),
            Self::LookUpManyItems => ("POST", "/v1/lookups"),
            Self::LookUpDigests => ("POST", "/v1/digests/lookup"),
            Self::ListRequests => ("GET", "/v1/requests"),
            Self::ReadRequest => ("GET", "/v1/requests/{id}"),
            Self::ReadHistory => ("GET", "/v1/requests/{id}/history"),
            Self::ListCorrections => ("GET", "/v1/requests/{id}/corrections"),
            Self::ReadInbox => ("GET", "/v1/inbox"),
            Self::Acknowledge => ("PUT", "/v1/requests/{id}/acknowledgement"),
            Self::Decide => ("POST", "/v1/requests/{id}/decisions"),
            Self::Close => ("PUT", "/v1/requests/{id}/closure"),
            Self::ListMessages => ("GET", "/v1/requests/{id}/messages"),
            Self::PostMessage => ("POST", "/v1/requests/{id}/messages"),
            Self::AttachDocument => ("POST", "/v1/requests/{id}/documents"),
            Self::ReadDocument => ("GET", "/v1/requests/{id}/documents/{message}"),
            Self::ListInternalNotes => ("GET", "/v1/requests/{id}/internal-notes"),
            Self::WriteInternalNote => ("POST", "/v1/requests/{id}/internal-notes"),
            Self::Withdraw => ("PUT", "/v1/requests/{id}/withdrawal"),
            Self::Correct => ("POST", "/v1/requests/{id}/corrections"),
            Self::Attribute => ("POST", "/v1/requests/{id}/attributions"),
            Self::Reopen => ("POST", "/v1/requests/{id}/reopening"),
            Self::ReadForm => ("GET", "/v1/requests/{id}/forms/{form}"),
            Self::DraftStatement => ("GET", "/v1/requests/{id}/items/{item}/statement"),
            Self::MakeStatement => ("POST", "/v1/requests/{id}/items/{item}/statement"),
            Self::MakeStatements => ("POST", "/v1/statements"),
            Self::ListOperations => ("GET", "/v1/operations"),
            Self::OpenOperation => ("POST", "/v1/operations"),
            Self::ReadOperation => ("GET", "/v1/operations/{id}"),
            Self::ListRequestsOfOperation => ("GET", "/v1/operations/{id}/requests"),
            Self::AddToOperation => ("POST", "/v1/operations/{id}/requests"),
            Self::InviteToOperation => ("POST", "/v1/operations/{id}/agencies"),
            Self::RemoveFromOperation => ("DELETE", "/v1/operations/{id}/agencies/{agency}"),
            Self::AnswerInvitation => ("PUT", "/v1/operations/{id}/membership"),
            Self::ListTexts => ("GET", "/v1/texts"),
            Self::SaveText => ("POST", "/v1/texts"),
            Self::ReadText => ("GET", "/v1/texts/{id}"),
            Self::ReplaceText => ("PUT", "/v1/texts/{id}"),
            Self::RemoveText => ("DELETE", "/v1/texts/{id}"),
            Self::FillText => ("POST", "/v1/texts/{id}/filled"),
            Self::ListAgencies => ("GET", "/v1/agencies"),
            Self::RegisterAgency => ("POST", "/v1/agencies"),
            Self::ReadAgency => ("GET", "/v1/agencies/{id}"),
            Self::ReadAgencyRecord => ("GET", "/v1/agencies/{id}/record"),
            Self::ChangeAgency => ("PATCH", "/v1/agencies/{id}"),
            Self::VerifyAgency => ("PUT", "/v1/agencies/{id}/verification"),
            Self::SuspendAgency => ("PUT", "/v1/agencies/{id}/suspension"),
            Self::ReinstateAgency => ("DELETE", "/v1/agencies/{id}/suspension"),
            Self::NameAgency => ("PUT", "/v1/agencies/{id}/naming"),
            Self::ListPlatforms => ("GET", "/v1/platforms"),
            Self::RegisterPlatform => ("POST", "/v1/platforms"),
            Self::ReadPlatform => ("GET", "/v1/platforms/{id}"),
            Self::ChangePlatform => ("PATCH", "/v1/platforms/{id}"),
            Self::VerifyPlatform => ("PUT", "/v1/platforms/{id}/verification"),
            Self::SuspendPlatform => ("PUT", "/v1/platforms/{id}/suspension"),
            Self::ReinstatePlatform => ("DELETE", "/v1/platforms/{id}/suspension"),
            Self::ListClients => ("GET", "/v1/clients"),
            Self::RegisterClient => ("POST", "/v1/clients"),
            Self::ReadClient => ("GET", "/v1/clients/{id}"),
            Self::SuspendClient => ("PUT", "/v1/clients/{id}/suspension"),
            Self::ReinstateClient => ("DELETE", "/v1/clients/{id}/suspension"),
            Self::RotateCredentials => ("POST", "/v1/clients/{id}/credentials"),
            Self::ExportRequests => ("GET", "/v1/exports/requests"),
            Self::ListInstruments => ("GET", "/v1/instruments"),
            Self::ReadInstrument => ("GET", "/v1/instruments/{id}"),
            Self::ListDeliveries => ("GET", "/v1/deliveries"),
        }
    }
}
