"""The bench: stock Oscar, limits and ours, measured side by side in one run. `python -m tests.performance.bench --help`.

A figure is the median of the ratios of a run's rounds, with the least and the greatest of them; nothing is compared across
runs or machines. Every answer is checked for its status and one fact while it is measured: a fast wrong page fails.
"""
