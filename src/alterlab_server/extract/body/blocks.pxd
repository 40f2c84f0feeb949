cimport cython

from alterlab_server.extract.words cimport count_words

cdef frozenset _IMAGES
cdef Py_ssize_t MAX_LENGTH


cdef class Container:
    cdef public object element, tag, role, names
    cdef public Container parent
    cdef public Py_ssize_t depth, kind, start, end, place
    cdef public bint hidden
    cdef public dict kinds


cdef class Block:
    cdef public Container container
    cdef public list nodes
    cdef public str text
    cdef public Py_ssize_t words, link_words, links
    cdef public bint after_image


cdef class Layout:
    cdef public list blocks, containers, broken
    cdef public bint framed
    cdef dict _kinds
    cdef frozenset _telling, _skipped, _breaking
    cdef bint _image_before
    cdef Py_ssize_t _in_link, _link_words, _links, _breaks
    cdef list _run, _texts

    cdef _split(self, root, frozenset skipped)
    cdef _begin_run(self)
    @cython.locals(data=str, tag=str, text=str, is_link=bint, breaking=frozenset, known=Py_ssize_t, start=Py_ssize_t)
    cdef _walk(self, element, Container current)
    @cython.locals(text=str, inner=Container)
    cdef _enter(self, element, str tag, Container current)
    @cython.locals(part=str)
    cdef _say(self, node, str text)
    cdef _break(self, Container container)
    @cython.locals(text=str, found=list, spaced=Py_ssize_t)
    cdef _end_run(self, Container container)
    @cython.locals(classes=str, names=str, role=str, known=dict, hidden=bint)
    cdef Container _open(self, element, str tag, Container parent)
