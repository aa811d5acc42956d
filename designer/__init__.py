"""The kernel: what a pipeline is, without a web framework, a queue or a network."""
