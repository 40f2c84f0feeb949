cimport cython

from alterlab_server.extract.body.blocks cimport Block, Container
from alterlab_server.extract.body.columns cimport column, index

cdef long long[::1] _HEADING_LEVELS
cdef double _SURE


cdef class Structure:
    cdef readonly list containers, roles
    cdef readonly Py_ssize_t count, size, h1, groups
    cdef readonly double total
    cdef readonly long long[::1] owner, parent, start, end, depth, kinds, twins, tags, group
    cdef readonly long long[::1] behind, around, levels, heading, last_heading
    cdef readonly double[::1] words, link_words, held_words, weights, held_weights

    @cython.locals(container=Container, parent=Container)
    cdef _read_containers(self)
    @cython.locals(block=Block, container=Container, parent=Container)
    cdef _read_blocks(self, list blocks)
    cdef _derive(self)


@cython.locals(container=Container)
cdef list _holding(list containers)
cpdef double logistic(double odds)
cpdef double[::1] running_sums(double[::1] values)
cpdef double[::1] inside(double[::1] values, long long[::1] start, long long[::1] end)
cpdef tuple mean_chances(Structure page, double[::1] chances)
cdef long long[::1] _behind(long long[::1] start, long long[::1] end)
cdef long long[::1] _around(long long[::1] parent, long long[::1] start, long long[::1] end)
cdef long long[::1] _levels(long long[::1] owner, long long[::1] around, Py_ssize_t levels)
cdef _headings(
    long long[::1] owner, long long[::1] parent, long long[::1] tags, long long[::1] heading, long long[::1] last_heading
)
