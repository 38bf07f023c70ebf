"""Generates ``src/tandem_client/generated`` from the OpenAPI document whenever the package is built."""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class GenerateHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's own parameter
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        # A source distribution carries the document, a checkout has it beside the package.
        document = next(
            path for path in (root / "openapi.json", root.parent / "openapi.json") if path.exists()
        )
        described = json.loads(document.read_text())
        if described["info"]["version"] != self.metadata.version:
            raise RuntimeError(
                f"The package is {self.metadata.version}, the API {described['info']['version']}: "
                "they have the same version."
            )
        generate(document, root / "src" / "tandem_client" / "generated")
        codes = described["components"]["schemas"]["Problem"]["properties"]["code"]["x-extensible-enum"]
        listed = "".join(f"    {code!r},\n" for code in codes)
        (root / "src/tandem_client/generated/codes.py").write_text(f"CODES = (\n{listed})\n")


def generate(document: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.NamedTemporaryFile("w", suffix=".yml") as config:
        # Without its post-hooks, which want a ruff on the path to format what nobody reads.
        config.write("post_hooks: []\n")
        config.flush()
        command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"]
        options = ["--path", str(document), "--output-path", str(target), "--config", config.name]
        # It warns that it does not know JSON Lines: bulk operations take JSON as well.
        subprocess.run([*command, *options], check=True)  # noqa: S603 - our own command
