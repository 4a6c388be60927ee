"""A headless Chromium, spoken to through its pipe in the DevTools protocol."""

import base64
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

PATIENCE = 60


class Browser:
    """One page of a Chromium with a profile of its own; ends with the block it is used in."""

    def __init__(self, program: str):
        self.profile = tempfile.TemporaryDirectory(prefix="site-browser-")
        from_us, to_browser = os.pipe()
        from_browser, to_us = os.pipe()
        command = [
            program, "--headless=new", "--remote-debugging-pipe", "--disable-gpu",
            "--no-first-run", "--hide-scrollbars", f"--user-data-dir={self.profile.name}",
        ]
        if os.geteuid() == 0:
            # Chromium's sandbox does not work for root; the pages are our own.
            command.append("--no-sandbox")

        def place_pipes():
            # The protocol's descriptors are 3 and 4; moved away first, lest one covers another.
            reading, writing = os.dup(from_us), os.dup(to_us)
            os.dup2(reading, 3)
            os.dup2(writing, 4)

        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, close_fds=False, preexec_fn=place_pipes,
        )
        os.close(from_us)
        os.close(to_us)
        self.output, self.input = to_browser, from_browser
        os.set_blocking(self.input, False)
        self.buffer = b""
        self.last = 0
        self.events = []
        self.session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.output)
        os.close(self.input)
        self.profile.cleanup()

    def call(self, method: str, **parameters):
        self.last += 1
        message = {"id": self.last, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.output, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.last:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def receive(self) -> dict:
        end = time.monotonic() + PATIENCE
        while b"\0" not in self.buffer:
            try:
                read = os.read(self.input, 1 << 20)
            except BlockingIOError:
                if time.monotonic() > end:
                    raise TimeoutError("Chromium does not answer") from None
                time.sleep(0.005)
                continue
            if not read:
                raise RuntimeError("Chromium has ended")
            self.buffer += read
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def open(self, address: str):
        """Loads a page; what happened before is forgotten."""
        self.events = []
        self.call("Page.navigate", url=address)
        end = time.monotonic() + PATIENCE
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            if time.monotonic() > end:
                raise TimeoutError(address)
            self.events.append(self.receive())

    def evaluate(self, script: str):
        result = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in result:
            raise RuntimeError(str(result["exceptionDetails"]))
        return result["result"].get("value")

    def view(self, width: int, dark: bool):
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1,
            mobile=width < 600,
        )
        scheme = "dark" if dark else "light"
        self.call(
            "Emulation.setEmulatedMedia",
            features=[{"name": "prefers-color-scheme", "value": scheme}],
        )

    def press(self, key: str):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=9)

    def shoot(self, file: Path):
        image = self.call("Page.captureScreenshot", captureBeyondViewport=False)["data"]
        file.write_bytes(base64.b64decode(image))

    def complaints(self) -> list[str]:
        """Errors in the console, and requests to other hosts."""
        found = []
        for event in self.events:
            parameters = event.get("params", {})
            if event.get("method") == "Runtime.exceptionThrown":
                found.append(str(parameters["exceptionDetails"].get("text")))
            if event.get("method") == "Log.entryAdded" and parameters["entry"]["level"] == "error":
                address = parameters["entry"].get("url", "")
                # The browser looks for one by itself, now and then.
                if not address.endswith("/favicon.ico"):
                    found.append(parameters["entry"]["text"] + " " + address)
            if event.get("method") == "Network.requestWillBeSent":
                address = parameters["request"]["url"]
                if not address.startswith(("http://127.0.0.1:", "data:", "about:")):
                    found.append(f"asked {address}")
        return found
