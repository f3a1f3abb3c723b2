"""Debian's Chromium, headless, for tests of pages."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.command import Command
from selenium.webdriver.support.wait import WebDriverWait

from tests.e2e.peers import PATIENCE

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
]


class Browser:
    """One window."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def open(self, url: str) -> None:
        self.driver.get(url)

    def text(self, selector: str) -> str:
        """What is to be read there, all of it."""
        return " ".join(element.text for element in self.driver.find_elements(By.CSS_SELECTOR, selector))

    def wait_for(self, selector: str, text: str) -> None:
        """Until this is to be read there."""
        wait = WebDriverWait(self.driver, PATIENCE, poll_frequency=0.1, ignored_exceptions=[Exception])
        wait.until(lambda _: text in self.text(selector), f"{text!r} in {selector}")

    def fill(self, selector: str, text: str) -> None:
        field = self.driver.find_element(By.CSS_SELECTOR, selector)
        field.clear()
        field.send_keys(text)

    def click(self, selector: str) -> None:
        self.driver.find_element(By.CSS_SELECTOR, selector).click()

    def complaints(self) -> list[str]:
        """What the console has to say: errors of scripts, refused resources."""
        lines: list[dict[str, str]] = self.driver.execute(Command.GET_LOG, {"type": "browser"})["value"]
        return [line["message"] for line in lines if line["level"] != "INFO"]

    def screenshot(self, name: str) -> None:
        """Kept in the folder that ``SCREENSHOTS`` names, if it does; the whole page."""
        if folder := os.environ.get("SCREENSHOTS"):
            height = self.driver.execute_script("return document.documentElement.scrollHeight")
            width = self.driver.execute_script("return window.innerWidth")
            size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
            self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
            self.driver.save_screenshot(str(Path(folder) / f"{name}.png"))
            self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    def look(self, *, dark: bool = False, width: int = 1280, height: int = 900) -> None:
        """Prefer dark or light, in a window of this width."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


@contextmanager
def browser(profile: Path) -> Iterator[Browser]:
    """A new window with a new profile in this folder; the test is skipped where there is no Chromium."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not driver:
        pytest.skip("needs chromium and chromedriver, of Debian's chromium and chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    window = webdriver.Chrome(options, Service(driver))
    try:
        yield Browser(window)
    finally:
        window.quit()
