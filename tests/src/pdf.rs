//! Documents for the stories: small PDFs made here, harmless, and what only looks like one.

use crate::Api;
use crate::api::Call;

/// Sends a harmless one to `…/documents`.
pub fn send(api: &Api, address: &str) -> Call {
    let address = format!("{address}?name=a.pdf&text=A%20letter&language=en");
    let call = api.call(reqwest::Method::POST, &address);
    call.bytes("application/pdf", harmless(""))
}

/// A whole PDF of one empty page with this text in a comment.
pub fn harmless(comment: &str) -> Vec<u8> {
    made(comment, "/Root 1 0 R")
}

/// The same, protected: its trailer has an /Encrypt entry.
pub fn encrypted() -> Vec<u8> {
    made("", "/Root 1 0 R /Encrypt << /Filter /Standard /V 2 /R 3 >>")
}

/// A whole PDF of exactly so many bytes.
pub fn of_size(bytes: usize) -> Vec<u8> {
    let mut filler = bytes - harmless("").len();
    loop {
        let made = harmless(&"x".repeat(filler));
        if made.len() == bytes {
            return made;
        }
        // The place of the table is a number whose digits count too.
        filler -= made.len() - bytes;
    }
}

fn made(comment: &str, trailer: &str) -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] >>",
    ];
    let mut text = format!("%PDF-1.4\n% {comment}\n");
    let mut table = "0000000000 65535 f \n".to_owned();
    for (number, object) in (1..).zip(objects) {
        table += &format!("{:010} 00000 n \n", text.len());
        text += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let start = text.len();
    text +=
        &format!("xref\n0 4\n{table}trailer\n<< /Size 4 {trailer} >>\nstartxref\n{start}\n%%EOF\n");
    text.into_bytes()
}
