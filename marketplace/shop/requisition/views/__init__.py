"""Screens of requisitions, approvals and certificates, and of the approval policy."""
