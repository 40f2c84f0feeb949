cdef class _FlowReader:
    cdef object inline
    cdef Py_ssize_t depth

    cdef list _element(self, element, str tag)
    cdef list _paragraph(self, run)
    cdef list _only_images(self, run)
