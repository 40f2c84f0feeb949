cimport cython

from alterlab_server.extract.body.blocks cimport Block, Container

cdef Py_ssize_t _LABEL_WORDS

@cython.locals(block=Block)
cdef set _labels(list blocks)
@cython.locals(container=Container)
cdef set _names(list containers)
