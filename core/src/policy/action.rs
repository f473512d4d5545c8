//! Everything that can be done through the doors, one action per verb and path.

mod endpoint;

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
        /// Look with the code of a tombstone at what was done to an item, and at the answer to an objection.
        LookAtObjection => "look_at_objection",
        /// Object with the code of a tombstone.
        Object => "object",
        /// See the one request behind the answer link of a mail. Changes nothing.
        OpenByLink => "open_by_link",
        /// Answer it from there.
        AnswerByLink => "answer_by_link",
        /// See what the link in a digest ends. Changes nothing.
        LookAtUnsubscribing => "look_at_unsubscribing",
        /// End the mails that press nobody, with the link of a digest.
        Unsubscribe => "unsubscribe",
        /// Have a new link sent to the mailbox that was written to.
        RenewLink => "renew_link",
        /// See from there how the site can be claimed.
        OpenClaim => "open_claim",
        /// Claim it.
        ClaimByLink => "claim_by_link",
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
        /// Import up to 1,000 old records from one's own lists.
        ImportRecords => "import_records",
        /// List imported records.
        ListImports => "list_imports",
        /// Read one.
        ReadImport => "read_import",
        /// Take one back.
        WithdrawImport => "withdraw_import",
        /// List requests.
        ListRequests => "list_requests",
        /// Read one in full; for the platform this is the receipt.
        ReadRequest => "read_request",
        /// Read what happened to it.
        ReadHistory => "read_history",
        /// See who of one's own side read it.
        ListReads => "list_reads",
        /// See what was put right in a request.
        ListCorrections => "list_corrections",
        /// Poll for what is new.
        ReadInbox => "read_inbox",
        /// Be told of what is new for as long as the connection holds.
        FollowInbox => "follow_inbox",
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
        /// Forbid telling the uploader for longer (Regulation (EU) 2021/784, Article 11(3)).
        ExtendNonDisclosure => "extend_non_disclosure",
        /// Allow telling the uploader before that time is over.
        LiftNonDisclosure => "lift_non_disclosure",
        /// Say that what was removed is kept (Regulation (EU) 2021/784, Article 6).
        HoldPreservation => "hold_preservation",
        /// Ask to keep it for longer.
        ExtendPreservation => "extend_preservation",
        /// Say that it need not be kept any more.
        ReleasePreservation => "release_preservation",
        /// Say that it was deleted once it was over.
        DeletePreserved => "delete_preserved",
        /// Destroy what a request was about, before its time.
        EraseRequest => "erase_request",
        /// Keep it whatever its time.
        PlaceHold => "place_hold",
        /// Need it no longer.
        LiftHold => "lift_hold",
        /// Read whether one's own side holds it.
        ReadHold => "read_hold",
        /// Open a closed one again.
        Reopen => "reopen",
        /// Ask the authority of one's own country to scrutinise an order (Regulation (EU) 2021/784, Article 4(4)).
        AskScrutiny => "ask_scrutiny",
        /// Record that the copy of an order was sent to that authority by another way.
        RecordCopy => "record_copy",
        /// Record that an order is final.
        RecordFinal => "record_final",
        /// List the orders of other authorities of which one has a copy.
        ListScrutinies => "list_scrutinies",
        /// Read one of them as the platform sees it.
        ReadScrutiny => "read_scrutiny",
        /// Tell the issuing authority that one means to find an infringement.
        AnnounceScrutiny => "announce_scrutiny",
        /// Decide whether the order infringes the law.
        DecideScrutiny => "decide_scrutiny",
        /// Tell a platform of procedures and deadlines before a first order.
        GiveNotice => "give_notice",
        /// List such notices, given or received.
        ListNotices => "list_notices",
        /// Read one; by its platform this is recorded.
        ReadNotice => "read_notice",
        /// Read a form of Regulation (EU) 2021/784, filled from the record; for the platform this is the receipt.
        ReadForm => "read_form",
        /// Read the page that stands in the place of an item, with the code for the uploader.
        ReadTombstone => "read_tombstone",
        /// List what uploaders object to.
        ListObjections => "list_objections",
        /// List what the uploaders of one request object to.
        ListObjectionsOfRequest => "list_objections_of_request",
        /// Answer an objection.
        AnswerObjection => "answer_objection",
        /// Read what a statement of reasons lacks (Regulation (EU) 2022/2065, Article 17).
        DraftStatement => "draft_statement",
        /// Put one together.
        MakeStatement => "make_statement",
        /// Put up to 100 together.
        MakeStatements => "make_statements",
        /// Doubt that it is really the agency who asks.
        Doubt => "doubt",
        /// List what is doubted.
        ListDoubts => "list_doubts",
        /// Say, as somebody who did not file it, whether it is.
        SettleDoubt => "settle_doubt",
        /// Have an answer link sent.
        SendLink => "send_link",
        /// End all answer links of a request.
        RevokeLinks => "revoke_links",
        /// List the answer links of a request.
        ListLinks => "list_links",
        /// Read the addresses found for a platform that nobody speaks for.
        ReadContacts => "read_contacts",
        /// Say which more were found.
        AddContacts => "add_contacts",
        /// Say which are all that hold.
        ReplaceContacts => "replace_contacts",
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
        /// List what was seen elsewhere after one's requests.
        ListSightings => "list_sightings",
        /// Record that something was seen elsewhere.
        RecordSighting => "record_sighting",
        /// Read a sighting.
        ReadSighting => "read_sighting",
        /// Say anew how sure one is of it.
        ReviseSighting => "revise_sighting",
        /// Say which request follows it.
        FollowSighting => "follow_sighting",
        /// Say that it was a mistake.
        RetractSighting => "retract_sighting",
        /// Read where material moved before and after a request.
        ReadChain => "read_chain",
        /// Read which platforms are to be written to, and which have not answered.
        ReadOutreach => "read_outreach",
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
        /// Read what the unit signed, byte for byte; for the platform this is the receipt.
        ReadSigned => "read_signed",
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
        /// Complete a verification as the second person.
        ConfirmAgency => "confirm_agency",
        /// Suspend an agency.
        SuspendAgency => "suspend_agency",
        /// End the suspension of an agency.
        ReinstateAgency => "reinstate_agency",
        /// Say whether an agency is named to others who ask about the same item.
        NameAgency => "name_agency",
        /// Say how an agency wants its mails.
        SetAgencyNotification => "set_agency_notification",
        /// Say whether anything is taken from an agency without its unit's signature.
        RequireSignatures => "require_signatures",
        /// Record under which instruments an agency scrutinises the orders of others.
        RecordCompetence => "record_competence",
        /// Register a key with which an agency signs.
        AddSigningKey => "add_signing_key",
        /// List the keys with which an agency signs.
        ListSigningKeys => "list_signing_keys",
        /// Confirm such a key.
        ConfirmSigningKey => "confirm_signing_key",
        /// Revoke one.
        RevokeSigningKey => "revoke_signing_key",
        /// List what was handed in under one's own signature.
        ListSigningKeyUses => "list_signing_key_uses",
        /// List platforms.
        ListPlatforms => "list_platforms",
        /// Register a platform.
        RegisterPlatform => "register_platform",
        /// Read a platform.
        ReadPlatform => "read_platform",
        /// Count the final orders to a platform.
        CountFinalOrders => "count_final_orders",
        /// Change a platform.
        ChangePlatform => "change_platform",
        /// Say how a platform wants its mails.
        SetNotification => "set_notification",
        /// Record how a platform was verified.
        VerifyPlatform => "verify_platform",
        /// Begin a claim of a platform in the name of whoever is in charge of it.
        StartClaim => "start_claim",
        /// List who claims which platform.
        ListClaims => "list_claims",
        /// Look whether the proof is there.
        LookAtClaim => "look_at_claim",
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
        /// Export imported records, one row each.
        ExportImports => "export_imports",
        /// List the files that one asked for.
        ListExports => "list_exports",
        /// Ask for a file of requests.
        MakeExport => "make_export",
        /// Read how it stands with one.
        ReadExport => "read_export",
        /// Download it.
        DownloadExport => "download_export",
        /// Have one that failed made again.
        RetryExport => "retry_export",
        /// Forget one, made or not.
        ForgetExport => "forget_export",
        /// Count what one's requests came to, every number as it is.
        ExportTransparency => "export_transparency",
        /// Read the published transparency report.
        ReadTransparency => "read_transparency",
        /// Look at it as a page.
        ShowTransparency => "show_transparency",
        /// List the powers that can be claimed here.
        ListInstruments => "list_instruments",
        /// Read what one of them allows and needs.
        ReadInstrument => "read_instrument",
        /// Read which messages could not be delivered.
        ListDeliveries => "list_deliveries",
        /// Have a message sent again that could not be delivered.
        SendAgain => "send_again",
        /// List the addresses that are told of what comes into one's own inbox.
        ListWebhooks => "list_webhooks",
        /// Add one.
        CreateWebhook => "create_webhook",
        /// Read one.
        ReadWebhook => "read_webhook",
        /// Change one, disable it, or let it go on.
        ChangeWebhook => "change_webhook",
        /// Remove one.
        RemoveWebhook => "remove_webhook",
        /// Give one new keys.
        RotateWebhookKeys => "rotate_webhook_keys",
        /// Send one a message that tells nothing.
        TestWebhook => "test_webhook",
        /// Read what one was sent, and what it answered.
        ListWebhookDeliveries => "list_webhook_deliveries",
        /// Send again.
        ReplayWebhook => "replay_webhook",
        /// See which webhooks work.
        ListWebhookHealth => "list_webhook_health",
        /// List the private feeds of one's own inbox.
        ListFeeds => "list_feeds",
        /// Open one.
        OpenFeed => "open_feed",
        /// End one.
        EndFeed => "end_feed",
        /// Read one by its secret address.
        ShowFeed => "show_feed",
        /// Learn by TAXII 2.1 which collections there are.
        DiscoverCollections => "discover_collections",
        /// Read where they are.
        ReadApiRoot => "read_api_root",
        /// List one's own collection.
        ListCollections => "list_collections",
        /// Read what it is.
        ReadCollection => "read_collection",
        /// Read which objects it has, and since when.
        ReadManifest => "read_manifest",
        /// Read its objects; of each request among them this is the receipt.
        ReadObjects => "read_objects",
        /// Read one of them, likewise.
        ReadObject => "read_object",
        /// Read which versions of it there are.
        ReadObjectVersions => "read_object_versions",
        /// Add objects, which nobody does: collections are read only.
        AddObjects => "add_objects",
        /// Delete one, which nobody does either.
        DeleteObject => "delete_object",
        /// Read how the log stands.
        ReadLog => "read_log",
        /// Read the proof that an entry is in the log.
        ReadProof => "read_proof",
        /// Read the names of the entries that a receipt is for.
        ReadReceipt => "read_receipt",
        /// Read the newest signed checkpoint of the log.
        ReadCheckpoint => "read_checkpoint",
        /// Read hashes of the log.
        ReadTile => "read_tile",
        /// See what time it is in a sandbox, and what its robots do.
        ReadSandbox => "read_sandbox",
        /// Have an agency and a platform of one's own made, to try with.
        MakeTestParties => "make_test_parties",
        /// Move the clock of a sandbox forward.
        MoveTestClock => "move_test_clock",
        /// Have a robot ask one's own platform for something.
        FileByRobot => "file_by_robot",
    }
}
