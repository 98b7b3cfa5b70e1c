"""A stand-in for the vendor's package retarus-common, as far as its polling client needs it; used where that is not installed."""


class Configuration:
    user = ""
    password = ""

    @staticmethod
    def set_auth(user, password):
        Configuration.user = user
        Configuration.password = password
