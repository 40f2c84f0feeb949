cimport cython

from alterlab_server.extract.flow.inline cimport InlineReader, unbroken
from alterlab_server.extract.flow.lists cimport list_items
from alterlab_server.extract.flow.model cimport (
    Definition,
    Definitions,
    Details,
    Footnote,
    Heading,
    Image,
    Inline,
    Item,
    List,
    Math,
    Paragraph,
    Quote,
    Rule,
)

cdef frozenset BLOCKS, SKIPPED
cdef dict _READERS, _HEADINGS


cdef class _FlowReader:
    cdef InlineReader inline
    cdef dict labels
    cdef Py_ssize_t depth

    @cython.locals(found=list, run=list, tag=str)
    cpdef list blocks(self, nodes)
    @cython.locals(text=str, label=str, found=list)
    cdef list _element(self, element, str tag)
    @cython.locals(content=Inline, markdown=str)
    cdef list _paragraph(self, run)
    cdef list _only_images(self, run)
    cdef list _footnote(self, nodes, str label)


cdef bint _is_block(element, str tag)
cdef bint _holds(element, str blocks)
cdef Inline _stripped(Inline content)
cdef Inline _cell(Inline content)
