cimport cython

from alterlab_server.extract.body.columns cimport Columns, column
from alterlab_server.extract.body.structure cimport Structure, inside, mean_chances, running_sums

cdef double _OUTSIDE
cdef Py_ssize_t _NEAREST, LEVELS

cpdef write_second(Structure page, Columns columns, double[::1] chances)
@cython.locals(means=double[::1], alike=double[::1])
cdef _write_near(
    Structure page, double[::1] chances, double[::1] mass, double[::1] weight, float[:, ::1] values, Py_ssize_t at
)
cdef _write_window(
    Structure page, double[::1] mass, double[::1] weight, Py_ssize_t reach, float[:, ::1] values, Py_ssize_t at
)
cdef _write_masses(
    Structure page, double[::1] mass, double[::1] weight, Py_ssize_t reach, float[:, ::1] values, Py_ssize_t at
)
cdef _write_best(Structure page, double[::1] masses, float[:, ::1] values, Py_ssize_t at)
