//! What is asked about: locators exactly as filed, their comparison key, the hosts that lead to a platform.
