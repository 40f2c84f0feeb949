cdef unsigned long long _PRIME, _BITS

cpdef unsigned long long hash_on(unsigned long long hashed, unsigned long long value)
cpdef unsigned long long pair_hash(unsigned long long first, unsigned long long second)


cdef class HashTable:
    cdef Py_ssize_t _width
    cdef unsigned long long _last
    cdef unsigned long long[::1] _hashes
    cdef double[::1] _weights

    cpdef double weight(self, unsigned long long hashed, Py_ssize_t number)
    cpdef Py_ssize_t find(self, unsigned long long hashed)
    cpdef double at(self, Py_ssize_t place, Py_ssize_t number)
    cdef Py_ssize_t _place(self, unsigned long long hashed)
