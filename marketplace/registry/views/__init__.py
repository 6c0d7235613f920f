"""Screens of accounts, teams and organisations, one module each."""
