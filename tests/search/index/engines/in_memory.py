"""A collection that lies in memory and answers as the server's does, for tests of what stands above it."""

import numpy as np

from search.index.engines.milvus.engine import KIND
from search.index.engines.milvus.remote_index import RemoteIndex
from search.index.engines.not_ready import NotReady
from search.index.manifest import Manifest


class CollectionInMemory:
    def __init__(self, vectors):
        self.rows, self.reads, self.is_gone = vectors, [], False

    def ping(self):
        self._answer()

    def nearest(self, query, limit, *, above, upto=None, rows=None, nprobe=0):
        self._answer()
        cosines = (self.rows @ query).astype(np.float32)
        fitting = (cosines > above) & (cosines <= (np.inf if upto is None else upto))
        if rows is not None:
            fitting &= np.isin(np.arange(len(cosines)), rows)
        found = np.flatnonzero(fitting)
        # The server orders what is equally near as it likes.
        found = found[np.lexsort((-found, -cosines[found]))][:limit]
        return found, cosines[found]

    def vectors(self, rows, dimension):
        self._answer()
        self.reads.append(len(rows))
        return self.rows[rows]

    def _answer(self):
        if self.is_gone:
            raise NotReady("The search's vectors lie in Milvus, which does not answer.", "manage.py doctor")


def remote_over(vectors, *, nlist=0):
    """A RemoteIndex and the collection it asks; its keys are those of ``clusters.index_of``."""
    collection = CollectionInMemory(vectors)
    manifest = Manifest(kind=KIND, count=len(vectors), dimension=vectors.shape[1], nlist=nlist)
    return RemoteIndex(np.arange(len(vectors)) + 1000, collection, manifest), collection
