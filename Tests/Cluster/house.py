"""Broadsheet with the nodes of a cluster as its servers, which it tries in turn."""

from pathlib import Path

from child import LOOPBACK
from ejabberd_cluster import Cluster
from installation import Installation

ENGINES = """\
engines:
  grace: 2
  retry_delay: 0.5
  retry_limit: 1
"""


class House(Installation):
    """One installation; it begins at the first node whenever it is started."""

    def __init__(self, binary: Path, cluster: Cluster, engine: str | None = None) -> None:
        self._nodes = cluster.nodes
        self._engine = engine
        port = cluster.nodes[0].component_port
        super().__init__(binary, cluster.folder / "broadsheet", port, cluster.component_secret)

    def write_configuration(self, component_port: int, change: object = None) -> None:
        super().write_configuration(component_port)
        others = [f"{LOOPBACK}:{each.component_port}" for each in self._nodes[1:]]
        text = self.configuration.read_text()
        text = text.replace("  secret_file:", f"  other_servers: [{', '.join(others)}]\n  secret_file:")
        if self._engine:
            text = text.replace("    issues:", f"    engine: {self._engine}\n    issues:") + ENGINES
        self.configuration.write_text(text)
