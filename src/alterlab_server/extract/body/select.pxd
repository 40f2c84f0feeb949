cimport cython

from alterlab_server.extract.body.columns cimport column
from alterlab_server.extract.body.structure cimport Structure, inside

cdef double _BEST_SHARE, _INSIDE, _MORE_INSIDE, _OUTSIDE, _MORE_OUTSIDE, _MENU_LINKS, _MENU_WORDS, _INDEX

@cython.locals(i=Py_ssize_t)
cpdef list choose(Structure page, double[::1] chances, double article=*, double strictness=*)
@cython.locals(i=Py_ssize_t)
cdef bint _is_menu(Structure page, list chosen)
@cython.locals(i=Py_ssize_t)
cdef list _promising(Structure page, double[::1] chances, double article, double strictness)
cpdef double best_chance(double[::1] words, double[::1] chances)
@cython.locals(i=Py_ssize_t)
cdef double _best(double[::1] words, double[::1] chances, list order)
cdef list _by_chance(double[::1] chances)
cdef Py_ssize_t _main(Structure page, double[::1] chances, double power)
