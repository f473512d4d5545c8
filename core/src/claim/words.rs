//! What was seen, in English: for programs, and the first of the languages of the page.

use std::fmt;

use super::{Fault, Found};

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Proof => f.write_str("The proof is there."),
            Self::Nothing => f.write_str(
                "There is no TXT record of this name yet. A new record may take some minutes until it can be seen.",
            ),
            Self::Quoted => f.write_str(
                "It is there within quotation marks that are part of the text. Leave the quotation marks out.",
            ),
            Self::Bare => {
                f.write_str("Only the code is there. Copy the whole line, with what stands in front of it.")
            }
            Self::OtherCode => f.write_str(
                "A code is there, but not this one: it is of an older claim, or of somebody else's. Put this one in its place.",
            ),
            Self::Cut { after } => write!(
                f,
                "It ends after {after} characters; the rest is missing. Copy the whole line."
            ),
            Self::Differs { character, stands, wanted } if stands.is_empty() => {
                write!(f, "It is almost right: character {character} is missing, \"{wanted}\".")
            }
            Self::Differs { character, stands, wanted } if wanted.is_empty() => write!(
                f,
                "It is almost right: from character {character} on there is more than there should be, beginning with \"{stands}\"."
            ),
            Self::Differs { character, stands, wanted } => write!(
                f,
                "It is almost right: character {character} is \"{stands}\" and should be \"{wanted}\"."
            ),
            Self::Other { shown } => {
                write!(f, "Something else is there: \"{shown}\". Add the line; what is there may stay.")
            }
            Self::Elsewhere { name } => write!(
                f,
                "The record is right but stands at {name}. Move it to the name above; many forms add the domain by themselves."
            ),
            Self::Status { status: 404 } => {
                f.write_str("The web server says that there is no such file (404).")
            }
            Self::Status { status } => {
                write!(f, "The web server answers {status} instead of the file.")
            }
            Self::Redirect { to: Some(to) } => write!(
                f,
                "The web server sends on to {to}, which is not followed. Let it answer with the file itself."
            ),
            Self::Redirect { to: None } => f.write_str(
                "The web server sends on to elsewhere, which is not followed. Let it answer with the file itself.",
            ),
            Self::Html => f.write_str(
                "The web server answers with a page in HTML. Let it answer with a text file that holds the line alone.",
            ),
            Self::Failed { why } => f.write_str(match why {
                Fault::ServerFailure => {
                    "The name servers of the domain answer with an error. Ask whoever runs them."
                }
                Fault::NoAnswer => "Nobody answered in time. Try again in some minutes.",
                Fault::DeadEnd => {
                    "The name leads to another name (CNAME) at whose end there is no TXT record, or in a circle. Put the record there itself."
                }
                Fault::TooMuch => {
                    "There is more than is read. Let the record or the file hold the line alone."
                }
                Fault::NoAddress => "The host has no address.",
                Fault::NotPublic => {
                    "One of the host's addresses is not on the public Internet, so nothing is fetched from it."
                }
                Fault::NoConnection => "No connection to the host over https came about.",
                Fault::Certificate => {
                    "The host's certificate is not one for this name that is trusted. Use the TXT record instead, or renew the certificate."
                }
                Fault::NoText => "What is there is no text in UTF-8.",
            }),
        }
    }
}
