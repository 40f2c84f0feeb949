from alterlab_server.extract.body.columns cimport column, index
from alterlab_server.extract.body.structure cimport Structure, inside

cdef long long[::1] _ROWS_OF_TAGS
cdef Py_ssize_t _FAR, LEVELS

cdef double _NEAR, _NEARER, _FARTHER, _TWIN_WORDS

cpdef write_context(Structure page, double[::1] prose, float[:, ::1] values, Py_ssize_t at)
cdef _write_landmarks(Structure page, float[:, ::1] values, Py_ssize_t at)
cdef _write_levels(Structure page, double[::1] prose, float[:, ::1] values, Py_ssize_t at)
cdef _write_position(Structure page, double[::1] prose, float[:, ::1] values, Py_ssize_t at)
cdef _write_groups(Structure page, double[::1] prose, float[:, ::1] values, Py_ssize_t at)
cdef _write_relation(Structure page, double[::1] prose, float[:, ::1] values, Py_ssize_t at)
cdef Py_ssize_t _main_prose(Structure page, double[::1] prose)
cdef long long[::1] _shared(Structure page, Py_ssize_t target)
cdef long long[::1] _repeated(Structure page)
