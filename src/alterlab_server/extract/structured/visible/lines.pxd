cimport cython

cdef Py_ssize_t MAX_LINE, MAX_LABEL, MIN_TRAILING_LABEL


@cython.locals(part=str, line=str)
cpdef list visible_lines(str text)
@cython.locals(line=str)
cpdef list lines_beginning(list lines, frozenset beginnings, Py_ssize_t longest)
@cython.locals(line=str, start=str, beginnings=frozenset)
cpdef dict labelled(list lines, labels)
@cython.locals(label=str)
cdef tuple _pair(str line, str below, labels)
@cython.locals(label=str, alone=str)
cdef tuple _unseparated(str line, str below, labels)
cdef str _cut(str value)
