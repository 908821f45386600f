"""A mail server of a few lines on loopback: takes letters in, refuses whom it is told to, and can be switched off."""

import contextlib
import socketserver
import threading


class Postbox:
    def __init__(self):
        self.letters: list[tuple[str, bytes]] = []  # (to, what came)
        self.refused: set[str] = set()

    def arrived_for(self, address: str) -> list[bytes]:
        return [text for to, text in self.letters if to == address]


class Talk(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 loopback")
        to = ""
        while line := self.rfile.readline():
            word = line.decode().strip()
            if word.upper().startswith("RCPT"):
                to = word.partition("<")[2].partition(">")[0]
                self.say("550 no such box" if to in self.server.postbox.refused else "250 ok")
            elif word.upper() == "DATA":
                self.say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.postbox.letters.append((to, b"".join(lines)))
                self.say("250 taken")
            elif word.upper() == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextlib.contextmanager
def open_postbox(postbox: Postbox, settings):
    """While it is open the settings point at it; afterwards its port refuses."""
    with Server(("127.0.0.1", 0), Talk) as server:
        server.postbox = postbox
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield
        server.shutdown()
        thread.join()
