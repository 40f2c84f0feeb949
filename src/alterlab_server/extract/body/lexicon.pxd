cimport cython

from alterlab_server.extract.body.blocks cimport Block, Container
from alterlab_server.extract.body.columns cimport column
from alterlab_server.extract.body.hashes cimport HashTable, hash_on, pair_hash
from alterlab_server.extract.body.names cimport NameWords
from alterlab_server.extract.body.structure cimport Structure

cdef unsigned long long HASH_BEGIN
cdef Py_ssize_t _MAX_CHARACTERS, _SHORT, _MEDIUM, _SHORTEST, _LONGEST, _PART
cdef str _SIZES


cdef class _NameWeights:
    cdef HashTable _weights

    cdef double added(self, NameWords words)
    @cython.locals(place=Py_ssize_t, behind=Py_ssize_t, longest=Py_ssize_t, hashed="unsigned long long")
    cdef double _parts(self, NameWords words, Py_ssize_t start, Py_ssize_t end)


cdef class Lexicon:
    cdef HashTable _words, _starts
    cdef _NameWeights _near, _around
    cdef double[::1] _tags

    @cython.locals(container=Container, words=NameWords, own=double, far=double)
    cpdef tuple names(self, Structure page)
    @cython.locals(block=Block)
    cpdef double[::1] texts(self, list blocks)
    @cython.locals(hashed="unsigned long long", start="unsigned long long", char=Py_UCS4)
    cdef double _text(self, str text, Py_ssize_t size)
    cdef double _start(self, Py_ssize_t known, unsigned long long before, unsigned long long hashed)


cpdef str block_size(Block block)
