cimport cython

from alterlab_server.extract.body.blocks cimport Block, Container
from alterlab_server.extract.body.hashes cimport HashTable
from alterlab_server.extract.body.names cimport NameWords

cdef Py_ssize_t _LABEL_WORDS


cdef class PageTypes:
    cdef dict _terms
    cdef HashTable _names
    cdef object _terms_weights, _shift, _scale, _bias, _numbers_weights

    cpdef chances(self, layout, columns, hints)
    @cython.locals(container=Container, words=NameWords)
    cdef _mark_names(self, list containers, bytearray known)


@cython.locals(block=Block)
cdef set _labels(list blocks)
