from alterlab_server.extract.flow.assemble cimport assemble
from alterlab_server.extract.flow.escape cimport code_span, destination, escape_brackets, escape_text, title_part


cdef class InlineReader:
    cdef readonly object document, notes


cdef class _Run:
    cdef InlineReader reader
    cdef str line_break
    cdef list pieces, texts
    cdef Py_ssize_t depth
    cdef bint in_link
    cdef tuple emphasis

    cdef collect(self, nodes)
    cdef say(self, str text)
    cdef add(self, str markdown, str text)
    cdef within(self, element)
    cdef break_line(self)
    cdef refer(self, str label)
    cdef bracket(self, str markdown)


cdef str _spaced(str text)
