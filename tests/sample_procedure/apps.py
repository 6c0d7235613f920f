from marketplace.kernel.plugins import NavigationEntry, ProcedureConfig


class SampleProcedureConfig(ProcedureConfig):
    name = "tests.sample_procedure"
    label = namespace = "sample_procedure"
    mount = "procedimientos/muestra/"
    navigation = (NavigationEntry("purchases", "Sample", "sample_procedure:procedures", "basket.use_basket", "hammer"),)
