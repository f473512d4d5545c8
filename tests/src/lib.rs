//! Helpers of the stories: a server, its databases, its mail server.
