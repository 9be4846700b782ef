"""exponea-python-sdk: all customers, in the format that it asks for."""

import os

from exponea_python_sdk import Exponea


def env(name):
    return os.environ["EXPORT_CONTRACTS_BLOOMREACH_" + name]


customers = Exponea(env("PROJECT_TOKEN"), env("KEY_ID"), env("SECRET"), url=env("URL")).customer.get_customers()
assert customers, "no customers were read"
assert all(one["ids"] for one in customers), "a customer without identifiers"
