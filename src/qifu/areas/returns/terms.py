"""The words of returns: states, what a cell may be given, and the limits of a template."""

BLANKS, FILINGS = "returns.blank", "returns.filing"

BLANK_STATES = {"mapping": "对格中", "on": "每天自动填", "stopped": "已停用"}
FILING_STATES = {"filled": "待核对", "released": "已报出"}

FIGURE_PARTS = {"value": "数", "of": "总数", "rate": "比例", "change": "比昨日增减"}
"""What of a figure goes into a cell; `rate` in percent, `change` against the same hour of the day before."""
WORD_PARTS = {"day": "日期", "place": "地区名称", "unit": "填报单位", "filler": "填表人"}
"""What goes into a cell in words. The filler is who releases the table."""

MOST_ROWS, MOST_COLUMNS, MOST_SHEETS, MOST_CELLS = 400, 60, 20, 600
"""What of a template is shown and may be mapped."""
MOST_BYTES = 5 * 1024 * 1024
