from .base import AppendOnly, Coded
from .codes import PublicCode

__all__ = ["AppendOnly", "Coded", "PublicCode"]
