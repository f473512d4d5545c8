//! A real mail server (Postfix) with a configuration and a queue of its own, on this machine alone. It delivers what it takes for the
//! mailboxes it has, and sends a report about what it cannot deliver, as a mail server somewhere would.

use crate::paths::Scratch;
use crate::wait;
use std::io::Read as _;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// `nobody`, to whom mails belong where the tests run as root: Postfix delivers nothing as root.
const NOBODY: u32 = 65_534;

/// A running mail server. Ends, by its pid, with this value.
#[derive(Debug)]
pub struct Postfix {
    master: Child,
    port: u16,
    dir: Scratch,
}

/// As whom this process runs.
fn own_id() -> u32 {
    std::fs::metadata("/proc/self").expect("a process").uid()
}

/// A mail server is started as root.
fn as_root(program: &str) -> Command {
    if own_id() == 0 {
        return Command::new(program);
    }
    let mut command = Command::new("sudo");
    command.args(["-n", program]);
    command
}

impl Postfix {
    /// Starts one with these mailboxes. Every other address at these domains is taken, and comes back: `user unknown`.
    pub fn start(domains: &[&str], mailboxes: &[&str]) -> Postfix {
        let dir = Scratch::new("postfix");
        // Its daemons run as another user, who has to come through.
        let open = || std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(dir.path(), open()).expect("ours");
        for part in ["config", "queue", "mail"] {
            std::fs::create_dir(dir.join(part)).expect("writable");
            std::fs::set_permissions(dir.join(part), open()).expect("ours");
        }
        let owner = match own_id() {
            0 => NOBODY,
            own => own,
        };
        if own_id() == 0 {
            chown(dir.join("mail"), Some(owner), Some(owner)).expect("root");
        }
        let known: String = mailboxes
            .iter()
            .map(|address| format!("{address} {address}/\n"))
            .collect();
        std::fs::write(dir.join("config/mailboxes"), known).expect("writable");
        let place = dir.path().display();
        let main = format!(
            "compatibility_level = 3.6\nqueue_directory = {place}/queue\ndata_directory = {place}/data\nmaillog_file = {place}/log\n\
             maillog_file_prefixes = {place}\nmyhostname = mx.test\nmydestination =\ninet_interfaces = 127.0.0.1\ninet_protocols = ipv4\n\
             mynetworks = 127.0.0.0/8\nalias_maps =\nalias_database =\nlocal_recipient_maps =\nbiff = no\nnotify_classes =\n\
             virtual_mailbox_domains = {domains}\nvirtual_mailbox_base = {place}/mail\nvirtual_mailbox_maps = texthash:{place}/config/mailboxes\n\
             virtual_uid_maps = static:{owner}\nvirtual_gid_maps = static:{owner}\nrecipient_delimiter = +\n\
             smtpd_reject_unlisted_recipient = no\nsmtpd_peername_lookup = no\nsmtp_dns_support_level = disabled\n\
             default_transport = error:nothing leaves this machine\nrelay_transport = error:nothing leaves this machine\n",
            domains = domains.join(", "),
        );
        std::fs::write(dir.join("config/main.cf"), main).expect("writable");
        // A free port can be taken by somebody else before the server has it.
        for _ in 0..5 {
            if let Some((master, port)) = begun(&dir) {
                return Postfix { master, port, dir };
            }
        }
        panic!("Postfix does not start:\n{}", log(&dir));
    }

    /// The port it listens on, on the loopback address.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The Maildir of a mailbox; there once something came.
    pub fn maildir(&self, address: &str) -> PathBuf {
        self.dir.join("mail").join(address)
    }

    /// What came to a mailbox and is still there.
    pub fn mails(&self, address: &str) -> Vec<String> {
        let files = std::fs::read_dir(self.maildir(address).join("new"));
        let mut files: Vec<PathBuf> = files
            .map(|files| {
                files
                    .filter_map(Result::ok)
                    .map(|file| file.path())
                    .collect()
            })
            .unwrap_or_default();
        files.sort();
        let read = |file: &PathBuf| {
            let bytes = std::fs::read(file).ok()?;
            Some(String::from_utf8_lossy(&bytes).into_owned())
        };
        files.iter().filter_map(read).collect()
    }

    /// Waits until so many mails are in a mailbox and returns them.
    pub async fn mails_to(&self, address: &str, count: usize) -> Vec<String> {
        wait::until(&format!("{count} mail(s) in the box {address}"), || async {
            let mails = self.mails(address);
            (mails.len() >= count).then_some(mails)
        })
        .await
    }

    /// What it wrote down.
    pub fn log(&self) -> String {
        log(&self.dir)
    }
}

fn log(dir: &Scratch) -> String {
    ["output", "log"]
        .map(|file| std::fs::read_to_string(dir.join(file)).unwrap_or_default())
        .concat()
}

/// One start: the process that has all the others, and its port; none when the port was taken.
fn begun(dir: &Scratch) -> Option<(Child, u16)> {
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    let services = format!(
        "127.0.0.1:{port} inet n - n - - smtpd\ncleanup unix n - n - 0 cleanup\nqmgr unix n - n 300 1 qmgr\n\
         rewrite unix - - n - - trivial-rewrite\nbounce unix - - n - 0 bounce\ndefer unix - - n - 0 bounce\ntrace unix - - n - 0 bounce\n\
         proxymap unix - - n - - proxymap\nerror unix - - n - - error\nretry unix - - n - - error\nvirtual unix - n n - - virtual\n\
         anvil unix - - n - 1 anvil\npostlog unix-dgram n - n - 1 postlogd\n"
    );
    std::fs::write(dir.join("config/master.cf"), services).expect("writable");
    let config = dir.join("config");
    // Makes what is missing of the queue.
    let checked = as_root("/usr/sbin/postfix")
        .arg("-c")
        .arg(&config)
        .arg("check")
        .output()
        .expect("Postfix is installed: scripts/setup test");
    assert!(checked.status.success(), "{checked:?}\n{}", log(dir));
    let daemons = Command::new("/usr/sbin/postconf")
        .arg("-c")
        .arg(&config)
        .args(["-h", "daemon_directory"])
        .output()
        .expect("Postfix is installed: scripts/setup test");
    let daemons = String::from_utf8(daemons.stdout).expect("a path");
    let output = std::fs::File::create(dir.join("output")).expect("a log file");
    let errors = output.try_clone().expect("a log file");
    // --pdeathsig: even if the tests are killed with -9, the server does not outlive them. A process group of its own: it ends all of
    // its group when it ends.
    let mut master = as_root("setpriv")
        .args(["--pdeathsig", "TERM", "--"])
        .arg(format!("{}/master", daemons.trim()))
        .arg("-c")
        .arg(&config)
        .arg("-d")
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(output)
        .stderr(errors)
        .spawn()
        .expect("setpriv runs");
    let answers = wait::until_blocking("Postfix to listen", || {
        if master.try_wait().expect("a child of ours").is_some() {
            return Some(false);
        }
        let mut greeting = [0; 3];
        let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
        // Where nobody listens yet a connection may meet itself, and wait for ever for a greeting of its own.
        if stream.local_addr().ok()? == stream.peer_addr().ok()? {
            return None;
        }
        stream.read_exact(&mut greeting).ok()?;
        (&greeting == b"220").then_some(true)
    });
    answers.then_some((master, port))
}

impl Drop for Postfix {
    fn drop(&mut self) {
        let pid = self.master.id().to_string();
        let _ = as_root("kill").args(["-TERM", &pid]).status();
        let _ = self.master.wait();
        if own_id() != 0 && !std::thread::panicking() {
            // What it wrote is root's.
            let _ = as_root("rm").arg("-rf").arg(self.dir.path()).status();
        }
    }
}
