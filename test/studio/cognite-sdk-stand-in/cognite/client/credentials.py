class Token:
    def __init__(self, token):
        self._token = token

    def authorization_header(self):
        return "Authorization", f"Bearer {self._token}"
