cimport cython

from alterlab_server.extract.body.blocks cimport Block, Container, Layout
from alterlab_server.extract.body.lines cimport box_texts, part_words, parts_lines, remove

cdef Py_ssize_t _CAPTION_WORDS, _MANY_PICTURES, _PARAGRAPH_WORDS, _QUOTATION_WORDS

@cython.locals(table=Container, last=Py_ssize_t, index=Py_ssize_t)
cdef list _whole_tables(Layout layout, found, list chosen)
@cython.locals(block=Block, index=Py_ssize_t)
cdef _arranges_page(Layout layout, Container table)
@cython.locals(quotation=Container, blocks=Py_ssize_t, words=Py_ssize_t, most=bint)
cdef list _whole_quotations(Layout layout, list chosen)
@cython.locals(container=Container)
cdef list _with_terms(Layout layout, list chosen)
@cython.locals(container=Container, block=Block, start=Py_ssize_t, end=Py_ssize_t, depth_gone=Py_ssize_t)
cdef _cut(Layout layout, list kept)
cdef _remove_with_wrappers(node, container)
