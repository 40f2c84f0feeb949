cimport cython

from alterlab_server.extract.addresses cimport Addresses


@cython.locals(addresses=Addresses, found=dict, href=str, address=str)
cpdef tuple page_links(document)
