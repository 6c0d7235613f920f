"""The bench: stock Oscar, limits and ours, measured side by side in one run. `python -m tests.performance.bench --help`.

A figure is a ratio of medians of one run, with the least and the greatest ratio of its rounds; nothing is compared across
runs or machines. Every answer is checked for its status and one fact while it is measured: a fast wrong page fails.
"""
