cimport cython

from alterlab_server.extract.body.hashes cimport hash_on

cdef unsigned long long HASH_BEGIN


cdef class NameWords:
    cdef readonly Py_ssize_t count
    cdef readonly unsigned long long[::1] hashes, letters
    cdef readonly long long[::1] starts, ends

    @cython.locals(
        hashed="unsigned long long", length=Py_ssize_t, place=Py_ssize_t, char=Py_UCS4, small=bint, letter=bint, was_small=bint
    )
    cpdef read(self, str names)
    cdef _add(self, unsigned long long hashed, Py_ssize_t start, Py_ssize_t end)
