cimport cython

from alterlab_server.extract.body.blocks cimport Block, Container, Layout

cdef frozenset BLOCK_TAGS
cdef set _SILENT
cdef tuple _OPENING, _CLOSING
cdef Py_ssize_t _FAR

cpdef remove(element)
cpdef bint parts_lines(element)
@cython.locals(before=str, behind=str)
cpdef part_words(list boxes)
@cython.locals(cell=Container, block=Block, start=Py_ssize_t, end=Py_ssize_t)
cpdef box_texts(Layout layout, list kept)
cdef bint _box_texts(holder, set broken, bint all_texts=*)
cdef bint _is_silent(node)
cdef bint _is_blank(str text)
@cython.locals(tag=str, text=str)
cdef str _beside(node, bint behind)
