"""Stand-in for the parts of the vendor's package retarus-common that the polling client needs."""


class Configuration:
    user = ""
    password = ""

    @staticmethod
    def set_auth(user, password):
        Configuration.user = user
        Configuration.password = password
