cpdef str visible(str text)
cpdef bint is_unspaced(str text)
cpdef Py_ssize_t count_words(str text, Py_ssize_t spaced)
