"""The door of response in the frame."""

from qifu.ui import nav

nav.offer(nav.Door("response:overview", "应对", right="response.see", icon="alert", order=40))
