"""A Jupyter server and headless Chromium for the browser tests."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def require_chromium():
    """Skips where there is no browser; in CI that is a failure."""
    if not os.path.exists(CHROMIUM):
        message = "no Chromium on this machine: apt-get install chromium"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)


@contextlib.contextmanager
def jupyter(folder, settings):
    """A JupyterLab server on ``folder`` without token; yields its address. ``settings``: a folder for its own settings."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    tracker = settings / "lab" / "@jupyterlab" / "notebook-extension"
    tracker.mkdir(parents=True)
    (tracker / "tracker.jupyterlab-settings").write_text(json.dumps({"windowingMode": "none"}))
    news = settings / "lab" / "@jupyterlab" / "apputils-extension"
    news.mkdir(parents=True)
    (news / "notification.jupyterlab-settings").write_text(json.dumps({"fetchNews": "false", "checkForUpdates": False}))
    environment = os.environ | {
        "JUPYTERLAB_SETTINGS_DIR": str(settings / "lab"),
        "JUPYTER_CONFIG_DIR": str(settings / "config"),
        "JUPYTERLAB_WORKSPACES_DIR": str(settings / "workspaces"),
        "JUPYTER_RUNTIME_DIR": str(settings / "runtime"),
    }
    address = f"http://127.0.0.1:{port}"
    log = open(settings / "server.log", "wb")  # noqa: SIM115 - it must stay open as long as the server runs
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "jupyter",
            "lab",
            "--no-browser",
            "--allow-root",
            f"--port={port}",
            "--ip=127.0.0.1",
            "--IdentityProvider.token=",
            f"--ServerApp.root_dir={folder}",
        ],
        cwd=folder,
        env=environment,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        for _ in range(240):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{address}/api", timeout=5)
                break
            time.sleep(0.25)
        else:
            pytest.fail((settings / "server.log").read_text()[-3000:])
        yield address
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, 15)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:  # a busy machine
            os.killpg(server.pid, 9)
            server.wait()
        log.close()


@contextlib.contextmanager
def page(size=(1200, 1000)):
    """A page of a fresh headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            opened = chromium.new_page(viewport={"width": size[0], "height": size[1]})
            opened.set_default_timeout(120_000)
            yield opened
        finally:
            chromium.close()


def shot(opened, name, **options):
    """A screenshot for people to look at, if SCREENSHOTS names a folder."""
    if folder := os.environ.get("SCREENSHOTS"):
        os.makedirs(folder, exist_ok=True)
        opened.screenshot(path=os.path.join(folder, f"{name}.png"), **options)


class Lab:
    """One notebook, open in JupyterLab."""

    def __init__(self, opened, address, path):
        self.page = opened
        opened.goto(f"{address}/doc/tree/{path}")
        opened.wait_for_selector(".jp-Notebook .jp-Cell")
        opened.wait_for_selector(".jp-NotebookPanel-toolbar")
        opened.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for()

    def cell(self, text):
        """The first code cell whose source contains this text."""
        return self.page.locator(".jp-CodeCell").filter(has=self.page.locator(".jp-InputArea", has_text=text)).first

    def fill(self, text, source):
        """Replace the source of a cell."""
        editor = self.cell(text).locator(".cm-content").first
        editor.click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(source)

    def run(self, text):
        """Run a cell and wait until it is done. Returns its output area."""
        from playwright.sync_api import TimeoutError as PlaywrightTimeout

        cell = self.cell(text)
        for _ in range(6):
            cell.locator(".cm-content").first.click()
            self.page.keyboard.press("Control+Enter")
            # until the kernel is connected, which no sign on the page tells, JupyterLab drops what it is asked to run
            with contextlib.suppress(PlaywrightTimeout):
                cell.locator(".jp-InputPrompt").get_by_text("[ ]:").wait_for(state="detached", timeout=10_000)
                break
        cell.locator(".jp-InputPrompt").get_by_text("[*]:").wait_for(state="detached")
        self.page.wait_for_function(
            "(e) => /\\[\\d+\\]:/.test(e.innerText)", arg=cell.locator(".jp-InputPrompt").element_handle()
        )
        return cell.locator(".jp-Cell-outputArea")
