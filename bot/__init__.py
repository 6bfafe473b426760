"""The shell around the core: settings, the wiki, the ledger, and one round from beginning to end."""
