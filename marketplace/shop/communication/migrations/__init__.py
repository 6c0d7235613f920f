from marketplace.kernel.migrations_of import migrations_with_stock

__path__ = migrations_with_stock(__path__, "oscar.apps.communication.migrations")
