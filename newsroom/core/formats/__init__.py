"""How dates read where Django prints one by itself, in lists and forms of the admin: as `newsroom_time` writes them."""
