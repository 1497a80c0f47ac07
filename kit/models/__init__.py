from .base import AppendOnly, Coded
from .codes import PublicCode
from .idempotency import IdempotencyRecord
from .outbox import OutboxJob
from .seals import Seal, SealLeaf

__all__ = ["AppendOnly", "Coded", "IdempotencyRecord", "OutboxJob", "PublicCode", "Seal", "SealLeaf"]
