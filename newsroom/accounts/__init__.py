"""Staff accounts: inviting, logging in, second factors, sessions, leaving."""
