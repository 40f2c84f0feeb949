from alterlab_server.extract.flow.escape cimport destination, escape_line_starts
from alterlab_server.extract.flow.inline cimport image_markdown
from alterlab_server.extract.flow.model cimport Code, Heading, List, Paragraph, Quote, Rule, Table

cdef dict _WRITERS


cpdef str write(blocks)
cpdef list write_parts(blocks)
cdef str _block(block)
cdef str _items(List block, str bullet, str behind_number)
cdef str _tight(blocks)
cdef bint _follows(before, block)
cdef str _indented(str text, str first, str rest)
cdef str _row(list cells)
cdef str _strong(str markdown)
cdef str _closed(str markdown)
