from marketplace.demo.preparing import static_file_times
from marketplace.frontend.build import DIST


def test_a_build_that_did_nothing_does_not_make_the_static_files_younger(frontend):
    before = max(static_file_times())

    (DIST / ".lock").touch()
    (DIST / ".stamp").touch()

    assert max(static_file_times()) == before
