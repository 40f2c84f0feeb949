cimport cython

from alterlab_server.extract.flow.model cimport Code

cdef frozenset _LINE_TAGS


@cython.locals(text=str)
cpdef Code read_code(element)
cpdef str language_of(element)
cpdef bint has_own_lines(element)
cdef str _text(element)
@cython.locals(data=str, in_lines=bint, ended=bint)
cdef _say(element, list said)
cdef bint _say_element(element, list said)
cdef bint _break(list said)
cdef bint _is_line(node)
cdef bint _is_variant(node)
cdef bint _is_blank(node)
