"""Put flows/ and templates/ into the wheel as bot/_content; all else is in pyproject.toml."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).resolve().parent


class BuildWithContent(build_py):
    """Copies what operators edit into the wheel, so that git keeps one copy of it.

    An editable install needs none: there the checkout's own folders are found.
    """

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        for folder in ("flows", "templates"):
            target = Path(self.build_lib) / "bot" / "_content" / folder
            # A stale build/ folder must not bring back a file that was deleted since.
            shutil.rmtree(target, ignore_errors=True)
            if (HERE / folder).is_dir():
                shutil.copytree(HERE / folder, target)


setup(cmdclass={"build_py": BuildWithContent})
