cimport cython

from alterlab_server.extract.addresses cimport Addresses
from alterlab_server.extract.flow.assemble cimport assemble
from alterlab_server.extract.flow.escape cimport code_span, destination, escape_brackets, escape_text, title_part
from alterlab_server.extract.flow.lists cimport list_items
from alterlab_server.extract.flow.model cimport Inline
from alterlab_server.extract.words cimport visible


cdef dict _READERS, _EMPHASIS


cdef class _Run


cdef class InlineReader:
    cdef readonly object document, notes
    cdef readonly dict labels
    cdef Addresses addresses

    @cython.locals(run=_Run)
    cpdef Inline read(self, nodes, str line_break=*)
    @cython.locals(absolute=str)
    cpdef target(self, str href)
    cpdef image(self, element)
    cdef bint leads_back(self, element)
    cdef note_label(self, element)


cdef class _Run:
    cdef InlineReader reader
    cdef str line_break, mark
    cdef list pieces, texts
    cdef Py_ssize_t depth
    cdef bint in_link
    cdef tuple emphasis

    cdef collect(self, nodes)
    @cython.locals(data=str, markdown=str)
    cdef say(self, str text)
    cdef add(self, str markdown, str text)
    cdef within(self, element)
    cdef break_line(self)
    cdef refer(self, str label)
    cdef bracket(self, str markdown)


@cython.locals(words=str, lead=str, trail=str)
cdef str _spaced(str text)
cpdef str image_markdown(str url, str alt, str title)
@cython.locals(words=str)
cpdef str unbroken(str markdown)
