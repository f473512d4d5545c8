//! How many connections and files the process may have open at once.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::Failed;

/// With fewer a few thousand callers that wait shut everybody else out.
const FEW: u64 = 4_096;

/// Raises the limit to the most that the system allows this process, and says how many that is; none when there is no limit.
///
/// Every caller that waits takes one, and what a shell or a service manager gives a process at first is 1,024 as a rule: so few for
/// the sake of programs that use `select`, which this one does not.
#[must_use]
pub fn raise() -> Option<u64> {
    let limit = getrlimit(Resource::Nofile);
    if limit.current == limit.maximum {
        return limit.current;
    }
    let wanted = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    match setrlimit(Resource::Nofile, wanted) {
        Ok(()) => limit.maximum,
        Err(error) => {
            tracing::warn!(%error, "the limit of open files cannot be raised");
            limit.current
        }
    }
}

/// What the doctor says of it.
pub(super) fn examine() -> Result<String, Failed> {
    match getrlimit(Resource::Nofile).maximum {
        None => Ok("as many open at once as the system has room for".to_owned()),
        Some(most) if most < FEW => Err(format!(
            "at most {most} may be open at once, of which every caller that waits takes one: raise the hard limit of open files \
             (LimitNOFILE= of the service, ulimit -Hn)"
        )
        .into()),
        Some(most) => Ok(format!(
            "up to {most} open at once, as far as that is for the server what it is here; it raises its soft limit by itself"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_raised_to_the_most_there_is() {
        let most = raise();
        let limit = getrlimit(Resource::Nofile);
        assert_eq!((limit.current, limit.maximum), (most, most));
        assert_eq!(raise(), most, "once more changes nothing");
    }
}
