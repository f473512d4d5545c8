//! `takedown form`: the forms of Regulations (EU) 2021/784 and 2022/2065, ready to print.

use clap::Args;

use super::{CliError, ConnectionArgs, Exit, output, show};

const FORMS: [&str; 7] = [
    "annex-i",
    "annex-ii",
    "annex-iii",
    "dsa-art9",
    "dsa-art9-effect",
    "dsa-art16-receipt",
    "dsa-art16-decision",
];

/// `takedown form`.
#[derive(Debug, Args)]
#[command(after_help = "\
annex-i is the order, annex-ii the feedback after removal or disabling, annex-iii what made it impossible. dsa-art9 is an
order of the Digital Services Act, dsa-art9-effect the effect given to it; dsa-art16-receipt confirms that a notice was
received, dsa-art16-decision is the decision on it. They are filled from what is on record; the rest is a line to be completed by hand. [R] marks wording that was not compared with the
official text: compare it before you use the page as the legal form. For a platform, printing is reading the request.

  takedown form 7K3F9-QMD2A-X annex-ii > feedback.txt

Exit codes: 0 done, 1 refused or nothing to say in it, 2 wrong command line.")]
pub struct FormArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Id (req_…) or speakable reference
    #[arg(value_name = "REQUEST")]
    request: String,
    /// Which form
    #[arg(value_name = "FORM", value_parser = FORMS)]
    form: String,
    /// Language of the labels: en, ar, de, fr or pl; the platform's own unless said
    #[arg(long, value_name = "TAG", value_parser = ["en", "ar", "de", "fr", "pl"])]
    language: Option<String>,
    /// Print the JSON as the exchange sends it
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: FormArgs) -> Result<Exit, CliError> {
    let client = args.connection.connect()?;
    let request = show::find(&client, &args.request).await?.body;
    let form = args.form.replace('-', "_");
    let reply = client
        .forms(&request.id, &form, args.language.as_deref())
        .await?;
    if args.json {
        output::exact(&reply.text)?;
    } else {
        let pages: Vec<&str> = reply.body.copies.iter().map(|c| c.print.as_str()).collect();
        output::exact(&pages.join("\n\u{c}\n"))?;
    }
    Ok(Exit::Done)
}
