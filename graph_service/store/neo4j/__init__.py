"""The server store on Neo4j."""

from graph_service.store.neo4j.store import Neo4jStore

__all__ = ["Neo4jStore"]
