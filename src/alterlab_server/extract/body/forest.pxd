cimport cython

from alterlab_server.extract.body.columns cimport Columns, column
from alterlab_server.extract.body.structure cimport logistic

cdef Py_ssize_t _QUESTIONS
cdef const unsigned char[::1] _FIRST_LEFT


cdef class Forest:
    cdef readonly tuple names
    cdef long long[::1] _columns
    cdef float[::1] _thresholds, _odds
    cdef const unsigned char[::1] _ruled_out
    cdef tuple _known

    @cython.locals(gone="unsigned char[::1]", tree=Py_ssize_t)
    cpdef double[::1] chances(self, Columns columns)

    cdef long long[::1] _asked(self, Columns columns)

    @cython.locals(ruled_out="unsigned char", threshold=float)
    cdef _answer(self, Py_ssize_t first, long long[::1] asked, float[:, ::1] values, unsigned char[::1] gone)
    cdef _add(self, Py_ssize_t first, unsigned char[::1] gone, double[::1] odds)
