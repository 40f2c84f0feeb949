cdef class Inline:
    cdef readonly str markdown, text


cdef class Paragraph:
    cdef readonly Inline content


cdef class Heading:
    cdef readonly Py_ssize_t level
    cdef readonly Inline content


cdef class Image:
    cdef readonly str url, alt, title, link


cdef class Code:
    cdef readonly str text, language


cdef class Math:
    cdef readonly str tex


cdef class Rule:
    pass


cdef class Quote:
    cdef readonly object blocks


cdef class Item:
    cdef readonly object blocks, checked, number


cdef class List:
    cdef readonly object items, start
    cdef readonly bint loose


cdef class Definition:
    cdef readonly object terms, meanings


cdef class Definitions:
    cdef readonly object entries


cdef class Details:
    cdef readonly Inline summary
    cdef readonly object blocks


cdef class Table:
    cdef readonly Inline caption
    cdef readonly object header, rows, alignments


cdef class Footnote:
    cdef readonly str label
    cdef readonly object blocks
