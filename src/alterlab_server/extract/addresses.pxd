cdef class Addresses:
    cdef dict _known
    cdef str _base, _folder, _origin

    cpdef str absolute(self, str href)
    cdef str _absolute(self, str href)
