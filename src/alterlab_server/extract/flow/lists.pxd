cpdef list list_items(element)
cdef list _grouped(element)
cdef _number(element, str attribute, otherwise)
