"""The design system: base pages, components with one example page each, tokens, and small controllers.

It stands on the kernel and knows no area. Areas build the frozen parts of `ui.parts` and hand them to its templates.
"""
