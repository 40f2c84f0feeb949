cimport cython

@cython.locals(char=Py_UCS4)
cdef bint _has_sign(str text)
@cython.locals(char=Py_UCS4)
cdef bint _is_bare(str url)
cpdef str escape_text(str text)
cpdef str escape_brackets(str markdown)
cpdef str escape_line_starts(str markdown)
cpdef str code_span(str text)
cpdef str destination(str url)
cpdef str title_part(str title)
