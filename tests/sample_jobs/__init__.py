"""A room with one job, for `tests/kernel/test_workers.py`: a worker in a process of its own knows it by this room."""
