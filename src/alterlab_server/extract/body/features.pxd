cimport cython

from alterlab_server.extract.body.blocks cimport Block, Container
from alterlab_server.extract.body.columns cimport Columns, column
from alterlab_server.extract.body.context cimport write_context
from alterlab_server.extract.body.lexicon cimport Lexicon
from alterlab_server.extract.body.structure cimport Structure, logistic, mean_chances

cdef double _OUTSIDE, _NO_HEADING
cdef str _MARKS, _CLOSERS
cdef Py_ssize_t LEVELS, _PROSE, _SHORT, _TELLING, _TITLE_WORDS
cdef Py_ssize_t _PRICES, _DATES, _OVERLAP, _DECLARED, _DESCRIBED

@cython.locals(block=Block, container=Container, text=str)
cdef double[::1] _write_own(list blocks, Structure page, list texts, float[:, ::1] values)
cdef double _ending(str text)
cdef _write_figures(Structure page, list texts, float[:, ::1] values)
@cython.locals(head=str, article=str, description=str)
cdef _write_heads(Structure page, list heads, hints, float[:, ::1] values)
@cython.locals(number=double)
cdef _write_page(Structure page, hints, double[::1] prose, float[:, ::1] values, Py_ssize_t at)
cdef double _largest(Structure page, str tag)
@cython.locals(near=double[::1], around=double[::1], words=double[::1], means=double[::1], alike=double[::1])
cdef _write_lexical(layout, Structure page, Lexicon lexicon, float[:, ::1] values, Py_ssize_t at)
