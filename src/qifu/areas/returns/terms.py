"""The words of returns: states, what a cell may be given, and the limits of a template."""

from qifu.kernel.language import said

BLANKS, FILINGS = "returns.blank", "returns.filing"

BLANK_STATES = {"mapping": said("对格中"), "on": said("每天自动填"), "stopped": said("已停用")}
FILING_STATES = {"filled": said("待核对"), "released": said("已报出")}

FIGURE_PARTS = {"value": said("数"), "of": said("总数"), "rate": said("比例"), "change": said("比昨日增减")}
"""What of a figure goes into a cell; `rate` in percent, `change` against the same hour of the day before."""
WORD_PARTS = {"day": said("日期"), "place": said("地区名称"), "unit": said("填报单位"), "filler": said("填表人")}
"""What goes into a cell in words. The filler is who releases the table."""

WHY = {
    "figure": said("指标 {id} 已经没有了"),
    "place": said("这个地区已经不在名单里了"),
    "part": said("这个指标已经没有这一项了"),
}
"""Why a cell could not be filled."""
STEPS = {"upload": said("上传"), "fill": said("填好"), "fill_again": said("重新填"), "release": said("报出")}
"""At which step bytes were kept."""

MOST_ROWS, MOST_COLUMNS, MOST_SHEETS, MOST_CELLS = 400, 60, 20, 600
"""What of a template is shown and may be mapped."""
MOST_BYTES = 5 * 1024 * 1024
