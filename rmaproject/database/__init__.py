"""A PostgreSQL server in a folder: Django's backend (`base`) starts it when it is first needed."""
