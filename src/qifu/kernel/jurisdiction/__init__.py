"""Places: the region tree with its versions, and the zones and parks that overlap it (DECISIONS 4).

Every scoped row carries the int of a place; who may see it follows from `reach` and `lineage`.
"""

from qifu.kernel.jurisdiction.queries import (
    AmbiguousPlace,
    PlaceAt,
    TreeNode,
    UnknownPlace,
    by_code,
    by_name,
    children,
    covered_by,
    district_of,
    forget,
    full_name,
    history,
    lineage,
    name,
    named,
    place,
    places,
    predecessors,
    reach,
    refresh,
    short,
    tree,
)

__all__ = [
    "AmbiguousPlace",
    "PlaceAt",
    "TreeNode",
    "UnknownPlace",
    "by_code",
    "by_name",
    "children",
    "covered_by",
    "district_of",
    "forget",
    "full_name",
    "history",
    "lineage",
    "name",
    "named",
    "place",
    "places",
    "predecessors",
    "reach",
    "refresh",
    "short",
    "tree",
]
