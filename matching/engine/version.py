"""Changes when the same problem may give other pairs or points; stored with each round."""

VERSION = "2.1"
