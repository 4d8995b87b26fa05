"""Classes of fields, sealed values, blind indexes and the keys that can be destroyed (DECISIONS 7, SECURITY 5.4).

Model fields are in `privacy.fields`, keys in `privacy.keys`; both need Django's apps to be loaded."""

from qifu.kernel.privacy.terms import P0, P1, P2, P3, Gone, KeyDestroyed, KeyMissing, Klass, SealBroken
from qifu.kernel.values.secret import Secret

__all__ = ["P0", "P1", "P2", "P3", "Gone", "KeyDestroyed", "KeyMissing", "Klass", "SealBroken", "Secret"]
