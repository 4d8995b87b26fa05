"""What goes along with a notice: added by its office, opened by whoever it was published to."""

from qifu.kernel.files.enclosing import accept_along

from .models import Notice
from .terms import PUBLISH, WRITE

ALONG = accept_along("mobilisation.notice", "通知附件", model=Notice, see=(WRITE, PUBLISH))
