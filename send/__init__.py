"""An approved Letter becomes a Sent; owns the network."""

from send.message import Body, Outgoing, Person, compose
from send.outbox import Account, approve, is_approved, send_letter, standing

__all__ = ["Account", "Body", "Outgoing", "Person", "approve", "compose", "is_approved", "send_letter", "standing"]
