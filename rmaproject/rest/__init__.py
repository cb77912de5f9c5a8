"""What every REST resource shares: how requests are read, refused, repeated and answered."""
