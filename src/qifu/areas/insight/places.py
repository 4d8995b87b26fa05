"""What a place is called where there is little room."""

from qifu.kernel import jurisdiction


def short(name: str) -> str:
    """Cut a place's name to what fits a tile; a zone is not called as the district that it lies in."""
    if name.endswith("开发区"):
        return name[-3:]
    cut = jurisdiction.short(name)
    return cut if len(cut) <= 4 else name[-4:]
