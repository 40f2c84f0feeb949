cimport cython

cpdef double[::1] column(Py_ssize_t count)
cpdef long long[::1] index(Py_ssize_t count)

@cython.locals(row=Py_ssize_t, factor=double)
cpdef add_rows(double[::1] sums, double[::1] weights, rows, times)

@cython.locals(place=Py_ssize_t)
cpdef double mean_over(double[::1] values, double[::1] weights, places)


cdef class Columns:
    cdef readonly tuple names
    cdef readonly Py_ssize_t count
    cdef readonly float[:, ::1] values
