cimport cython

from alterlab_server.extract.flow.model cimport Code

cdef frozenset _LINE_TAGS


@cython.locals(text=str)
cpdef Code read_code(element)
cpdef str language_of(element)
cpdef bint has_own_lines(element)
cdef str _text(element)
cdef _say(element, list said)
