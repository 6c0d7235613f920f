"""Stock django-oscar with its own settings: the control of our races, and the peer of our measurements."""
