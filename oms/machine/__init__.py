"""The machine under the house: our own PostgreSQL, the processes of `make run`, the browser for tests.

Nothing here knows Django or the business; what goes wrong is said in one sentence with its remedy.
"""
