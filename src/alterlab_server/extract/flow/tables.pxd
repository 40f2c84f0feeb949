cimport cython

from alterlab_server.extract.flow.model cimport Inline, Table


cdef tuple _grid(table, read_cell)
cdef _continue_spans(list row, dict open_spans)
cdef list _cells(row)
@cython.locals(value=str)
cdef Py_ssize_t _span(cell, str name, Py_ssize_t most)
@cython.locals(style=str)
cdef str _alignment(cell)
cdef list _merged(list head, Py_ssize_t width)
cdef list _padded(list row, Py_ssize_t width)
