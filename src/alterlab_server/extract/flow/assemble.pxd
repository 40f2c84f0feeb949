cdef class Mark:
    cdef readonly str delimiter, tag
    cdef public bint as_html
    cdef readonly Edge opening, closing


cdef class Edge:
    cdef readonly Mark mark
    cdef readonly bint opens


cpdef str assemble(list pieces)
cdef str _joined(list pieces)
cdef list _tidy(list pieces)
cdef _close(list tokens, Edge edge, bint spaced)
cdef _judge(list tokens)
cdef _judge_run(list run, str before, str after)
