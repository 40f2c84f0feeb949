cimport cython

from alterlab_server.extract.body.blocks cimport Block
from alterlab_server.extract.body.columns cimport column
from alterlab_server.extract.body.hashes cimport HashTable, hash_on, pair_hash
from alterlab_server.extract.body.structure cimport Structure

cdef unsigned long long HASH_BEGIN
cdef Py_ssize_t _MAX_CHARACTERS, _SHORT, _MEDIUM
cdef str _SIZES


cdef class Lexicon:
    cdef HashTable _words, _starts
    cdef object _score
    cdef double[::1] _tags

    cpdef tuple names(self, Structure page)
    @cython.locals(block=Block)
    cpdef double[::1] texts(self, list blocks)
    @cython.locals(hashed="unsigned long long", start="unsigned long long", char=Py_UCS4)
    cdef double _text(self, str text, Py_ssize_t size)
    cdef double _start(self, Py_ssize_t known, unsigned long long before, unsigned long long hashed)


cpdef str block_size(Block block)
