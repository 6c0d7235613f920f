"""How the finance gateway and we sign what we send each other. Needs neither Django nor a database: the simulator signs as well."""

import hashlib
import hmac

HEADER = "X-Signature"


def signature_of(body: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Whether whoever wrote this knows the secret; nobody knows an empty one."""
    return bool(secret) and hmac.compare_digest(signature_of(body, secret).encode(), signature.encode())
