"""Settings, URLs, the qifu command and the embedded database: the only place that wires adapters to ports."""
