"""Trouble on purpose: what the bot does when it is killed, full, locked out, or lied to."""
