//! The command line: one program for the server and for everybody who uses it.
//!
//! Commands that speak to an exchange do so through the public API alone ([`crate::client`]). Commands that run or
//! inspect a server are declared here and carried out by `boot`.

mod answer;
mod connection;
mod contacts;
mod document;
mod erasure;
mod error;
mod export;
mod file;
mod form;
mod import;
mod imported;
mod inbox;
mod instruments;
mod kept;
mod keys;
mod lookup;
mod messages;
mod mistakes;
mod monitor;
mod objections;
mod operations;
mod output;
mod oversight;
mod progress;
mod proof;
mod reads;
mod receipts;
mod registry;
mod sandbox;
mod server;
mod shell;
mod show;
mod sightings;
mod signing;
mod statement;
mod texts;
mod transparency;
mod verify_request;
mod webhooks;
mod witnesses;

#[cfg(test)]
mod tests;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use connection::ConnectionArgs;
pub use error::CliError;
pub use sandbox::{SandboxArgs, SandboxCommand};
pub use server::{
    ConfigArgs, ConfigFile, DemoArgs, DoctorArgs, MigrateArgs, OpenapiArgs, OperatorCommand,
    OperatorCreateArgs, RestartLogArgs, SandboxRunArgs, SealingKeyCommand, ServeArgs, Unwitnessed,
    VerifyArgs, WitnessArgs,
};

const AFTER_HELP: &str = "\
Exit codes:
  0   done; for `inbox`: nothing new
  1   refused, failed or only partly done; the reason is on standard error
  2   the command line itself was wrong
  10  `inbox`: there is new work
  11  `verify`: all of it fits, and more is without witnesses than --max-unwitnessed allows

Connection settings of the commands that speak to an exchange, first one found wins:
  flags (--server, --client-id, --secret-file, --key-file, --ca-file, --issuer, --profile)
  TAKEDOWN_SERVER, TAKEDOWN_CLIENT_ID, TAKEDOWN_CLIENT_SECRET, TAKEDOWN_CLIENT_SECRET_FILE,
  TAKEDOWN_CLIENT_KEY_FILE, TAKEDOWN_CLIENT_CA_FILE, TAKEDOWN_CLIENT_ISSUER, TAKEDOWN_CLIENT_PROFILE,
  TAKEDOWN_RECEIPTS
  a profile in ~/.config/takedown/client.toml";

/// The takedown exchange: file, receive, answer, export; run a server.
#[derive(Debug, Parser)]
#[command(name = "takedown", version, after_help = AFTER_HELP, propagate_version = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Every command of the program.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the exchange.
    Serve(ServeArgs),
    /// Tell the whole story on a scratch database, step by step, and end.
    Demo(DemoArgs),
    /// Bring the database to this version's schema.
    Migrate(MigrateArgs),
    /// Print the configuration in effect, secrets masked, each value with its source.
    Config(ConfigArgs),
    /// Check database, mail, clock and disk of a server.
    Doctor(DoctorArgs),
    /// Compute the history of a server anew, or check a package of an export, and name what was changed, dropped, put in or moved.
    Verify(VerifyArgs),
    /// Go on with a database that is older than what was signed, after its loss was accepted.
    RestartLog(RestartLogArgs),
    /// Change the key that seals the secrets in the database of a server.
    #[command(subcommand)]
    SealingKey(SealingKeyCommand),
    /// Print the OpenAPI document.
    Openapi(OpenapiArgs),
    /// Make the first operator, on the machine itself.
    #[command(subcommand)]
    Operator(OperatorCommand),
    /// Run a sandbox to try a client against, or do something in one.
    Sandbox(Box<SandboxArgs>),
    /// Run a witness: sign that a log shows everybody the same history.
    Witness(WitnessArgs),
    /// A command that speaks to a running exchange, or to nobody.
    #[command(flatten)]
    Remote(Box<Remote>),
}

/// Commands of those who use an exchange.
#[derive(Debug, Subcommand)]
pub enum Remote {
    /// File one or many requests (agency).
    File(Box<file::FileArgs>),
    /// Import a list of past mails as old records (agency).
    Import(import::ImportArgs),
    /// Look at imported records, or take them back.
    #[command(subcommand)]
    Imported(imported::ImportedCommand),
    /// Ask whether links were asked about before (agency).
    Lookup(lookup::LookupArgs),
    /// Ask whether you were asked about files before, by their digests (platform).
    Digests(lookup::DigestsArgs),
    /// List, show and check the powers under which can be filed.
    #[command(subcommand)]
    Instruments(instruments::InstrumentsCommand),
    /// See what is new (platform); made for cron.
    Inbox(inbox::InboxArgs),
    /// Show one request in full. For a platform, reading it is the receipt.
    Show(show::ShowArgs),
    /// Acknowledge, decide, close, ask, answer, withdraw, reopen.
    Answer(Box<answer::AnswerArgs>),
    /// Put new facts in the place of old ones (agency).
    Correct(Box<mistakes::CorrectArgs>),
    /// Take a request back, or links of it (agency).
    Withdraw(Box<mistakes::WithdrawArgs>),
    /// Say anew whom the material is thought to come from (agency).
    Attribute(mistakes::AttributeArgs),
    /// For how long the uploader may not be told: extend it, lift it (agency).
    #[command(subcommand)]
    NonDisclosure(kept::NonDisclosureCommand),
    /// What was removed and is kept: see it, hold it, extend it, release it.
    #[command(subcommand)]
    Preservation(kept::PreservationCommand),
    /// Destroy what a request was about, before its time (agency).
    Erase(erasure::EraseArgs),
    /// Keep a request whatever its time.
    #[command(subcommand)]
    Hold(erasure::HoldCommand),
    /// Answer what is asked back, or put a decision of your own right (platform).
    Restore(Box<mistakes::RestoreArgs>),
    /// List what is asked back and not yet answered.
    Restorations(mistakes::RestorationsArgs),
    /// Print a form of an EU removal order: the order, the feedback, what stood in the way.
    Form(form::FormArgs),
    /// Tell a platform before a first order which procedures and deadlines apply, or read that.
    #[command(subcommand)]
    Notice(oversight::NoticeCommand),
    /// Copies of orders from other Member States, and their scrutiny (authority of the platform's country, platform).
    #[command(subcommand)]
    Scrutiny(oversight::ScrutinyCommand),
    /// Record that an order is final (agency).
    Final(oversight::FinalArgs),
    /// Print the page that stands in the place of what you acted on, for the uploader (platform).
    Tombstone(objections::TombstoneArgs),
    /// Read what uploaders object to.
    Objections(objections::ObjectionsArgs),
    /// Answer what an uploader objects to (platform).
    #[command(subcommand)]
    Objection(objections::ObjectionCommand),
    /// Statements of reasons for the transparency database (platform).
    Statement(Box<statement::StatementArgs>),
    /// Read what the two sides wrote to each other, or what your own side noted for itself.
    Messages(messages::MessagesArgs),
    /// Who was handed content of a request, and when (your own side; auditor: every side).
    Reads(reads::ReadsArgs),
    /// Note something for your own side; nobody else ever sees it.
    Note(messages::NoteArgs),
    /// Send a document (PDF) to the other side, or download one.
    #[command(subcommand)]
    Document(document::DocumentCommand),
    /// Addresses that are told of what comes into your inbox (platform, agency), and whether they work (operator).
    #[command(subcommand)]
    Webhooks(Box<webhooks::WebhooksCommand>),
    /// Keep reasons and answers for use in many requests.
    #[command(subcommand)]
    Text(texts::TextCommand),
    /// Write requests and outcomes to a file (auditor, agency for its own).
    Export(export::ExportArgs),
    /// The transparency report: the published one, one's own with every number, or the same from an export, offline.
    Transparency(Box<transparency::TransparencyArgs>),
    /// Requests that belong together over several platforms, and their progress (agency).
    #[command(subcommand)]
    Operations(operations::OperationsCommand),
    /// What was seen elsewhere after a request (agency).
    #[command(subcommand)]
    Sighting(Box<sightings::SightingCommand>),
    /// Whom to write to next: platforms that were only sighted, and those that have not answered (agency).
    Outreach(sightings::OutreachArgs),
    /// Where a platform that nobody speaks for can be written to (agency).
    #[command(subcommand)]
    Contacts(contacts::ContactsCommand),
    /// The links by which such a platform answers one request (agency).
    #[command(subcommand)]
    Link(contacts::LinkCommand),
    /// Whether it is really the agency who asks: doubt it, list what is doubted, settle it.
    #[command(subcommand)]
    Doubt(contacts::DoubtCommand),
    /// Where material came from before a request, and where it went after it.
    Chain(sightings::ChainArgs),
    /// Register and verify agencies (operator).
    #[command(subcommand)]
    Agency(registry::AgencyCommand),
    /// Who proves to be in charge of a platform (operator).
    #[command(subcommand)]
    Claim(registry::ClaimCommand),
    /// Register and verify platforms (operator).
    #[command(subcommand)]
    Platform(registry::PlatformCommand),
    /// Register the programs of agencies, platforms, auditors and operators (operator).
    #[command(subcommand)]
    Client(registry::ClientCommand),
    /// The keys with which a unit signs what it asks (agency, operator).
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Check by the unit's own signature that a request is real, without trusting the exchange (platform).
    VerifyRequest(Box<verify_request::VerifyRequestArgs>),
    /// Compare what the exchange holds under the unit's signature with what the unit signed (agency).
    Monitor(monitor::MonitorArgs),
    /// Complete the receipts that were kept to proofs, and check them.
    Receipts(receipts::ReceiptsArgs),
    /// How far each witness has signed, and what to do about one that does not.
    Witnesses(witnesses::WitnessesArgs),
    /// Check that an entry is in the log, by its proof; asks nobody.
    VerifyProof(proof::VerifyProofArgs),
    /// Print a completion script for a shell.
    Completions(shell::CompletionsArgs),
    /// Write the manual pages into a directory.
    Man(shell::ManArgs),
}

/// How a command ended when nothing went wrong on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0.
    Done,
    /// 1: said on the way what was refused.
    Refused,
    /// 10: the inbox has something new.
    NewWork,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Done => ExitCode::SUCCESS,
            Exit::Refused => ExitCode::FAILURE,
            Exit::NewWork => ExitCode::from(10),
        }
    }
}

/// Runs a command that speaks to an exchange, and says on standard error what went wrong.
pub fn run(command: Remote) -> ExitCode {
    let result = match command {
        Remote::Completions(args) => shell::completions(&args),
        Remote::VerifyProof(args) => proof::run(&args),
        Remote::Man(args) => shell::manual(&args),
        online => error::runtime().and_then(|runtime| runtime.block_on(dispatch(online))),
    };
    ended(result)
}

/// Runs a command that speaks to a sandbox, as [`run`] does.
pub fn run_in_sandbox(command: SandboxCommand) -> ExitCode {
    ended(error::runtime().and_then(|runtime| runtime.block_on(sandbox::run(command))))
}

fn ended(result: Result<Exit, CliError>) -> ExitCode {
    match result {
        Ok(exit) => exit.into(),
        Err(error) => {
            if !error.is_closed_pipe() {
                eprintln!("error: {error}");
            }
            ExitCode::from(error.exit_code())
        }
    }
}

async fn dispatch(command: Remote) -> Result<Exit, CliError> {
    match command {
        Remote::File(args) => file::run(*args).await,
        Remote::Import(args) => import::run(args).await,
        Remote::Imported(command) => imported::run(command).await,
        Remote::Lookup(args) => lookup::lookup(args).await,
        Remote::Digests(args) => lookup::digests(args).await,
        Remote::Instruments(command) => instruments::run(command).await,
        Remote::Inbox(args) => inbox::run(args).await,
        Remote::Show(args) => show::run(args).await,
        Remote::Answer(args) => answer::run(*args).await,
        Remote::Correct(args) => mistakes::correct(*args).await,
        Remote::Withdraw(args) => mistakes::withdraw(*args).await,
        Remote::Attribute(args) => mistakes::attribute(args).await,
        Remote::NonDisclosure(command) => kept::non_disclosure(command).await,
        Remote::Preservation(command) => kept::preservation(command).await,
        Remote::Erase(args) => erasure::erase(args).await,
        Remote::Hold(command) => erasure::hold(command).await,
        Remote::Restore(args) => mistakes::restore(*args).await,
        Remote::Restorations(args) => mistakes::restorations(args).await,
        Remote::Form(args) => form::run(args).await,
        Remote::Notice(command) => oversight::notice(command).await,
        Remote::Scrutiny(command) => oversight::scrutiny(command).await,
        Remote::Final(args) => oversight::record_final(args).await,
        Remote::Tombstone(args) => objections::tombstone(args).await,
        Remote::Objections(args) => objections::list(args).await,
        Remote::Objection(command) => objections::answer(command).await,
        Remote::Statement(args) => statement::run(*args).await,
        Remote::Messages(args) => messages::run(args).await,
        Remote::Reads(args) => reads::run(args).await,
        Remote::Note(args) => messages::note(args).await,
        Remote::Document(command) => document::run(command).await,
        Remote::Webhooks(command) => webhooks::run(*command).await,
        Remote::Text(command) => texts::run(command).await,
        Remote::Export(args) => export::run(args).await,
        Remote::Transparency(args) => transparency::run(*args).await,
        Remote::Operations(command) => operations::run(command).await,
        Remote::Sighting(command) => sightings::run(*command).await,
        Remote::Outreach(args) => sightings::outreach(args).await,
        Remote::Contacts(command) => contacts::contacts(command).await,
        Remote::Link(command) => contacts::link(command).await,
        Remote::Doubt(command) => contacts::doubt(command).await,
        Remote::Chain(args) => sightings::chain(args).await,
        Remote::Agency(command) => registry::agency(command).await,
        Remote::Claim(command) => registry::claim(command).await,
        Remote::Platform(command) => registry::platform(command).await,
        Remote::Client(command) => registry::client(command).await,
        Remote::Keys(command) => keys::run(command).await,
        Remote::VerifyRequest(args) => verify_request::run(*args).await,
        Remote::Monitor(args) => monitor::run(args).await,
        Remote::Receipts(args) => receipts::run(args).await,
        Remote::Witnesses(args) => witnesses::run(args).await,
        Remote::Completions(args) => shell::completions(&args),
        Remote::Man(args) => shell::manual(&args),
        Remote::VerifyProof(args) => proof::run(&args),
    }
}
