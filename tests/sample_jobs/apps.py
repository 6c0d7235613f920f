from marketplace.kernel.plugins import RoomConfig


class SampleJobsConfig(RoomConfig):
    name = "tests.sample_jobs"
    label = "sample_jobs"
