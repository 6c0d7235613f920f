"""The smallest procedure type, for `tests/architecture/test_procedures.py`: one page and one menu entry."""
