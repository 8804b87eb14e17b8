/*
 * Rows of the tables that the compiler emits for bounded messages, which nanopb encodes and
 * decodes without allocating: the words of nanopb's own field descriptors, in its four-word form.
 *
 * A row names the struct's tag, the member, the field's number and the type as protobuf calls it.
 * Layout of a member: an optional and a message have a `bool has_x`, a list has a `pb_size_t n_x`,
 * each just before x; text is an array of char that ends with a NUL, bytes are PB_BYTES_ARRAY_T.
 * A device neither sees nor needs anything else of the runtime.
 */
#ifndef RT_WIRE_DEVICE_H
#define RT_WIRE_DEVICE_H

#include <pb.h>

#if PB_PROTO_HEADER_VERSION != 40
#error "these rows are nanopb 0.4's"
#endif

/* nanopb ends a row with a comma of its own; what is behind it is empty. */
#define RT_DEVICE_WORDS_(a, b, c, d, ...) a, b, c, d
#define RT_DEVICE_ROW_(...)               RT_DEVICE_WORDS_(__VA_ARGS__)
#define RT_DEVICE_FIELD_(T, member, number, HTYPE, TYPE, size, back, count)                        \
    RT_DEVICE_ROW_(PB_FIELDINFO_4(number,                                                          \
                                  PB_ATYPE_STATIC | PB_HTYPE_##HTYPE | PB_LTYPE_MAP_##TYPE,        \
                                  offsetof(struct T, member), size, back, count))
#define RT_DEVICE_SIZE_(T, member)       sizeof(((struct T *)0)->member)
#define RT_DEVICE_BACK_(T, member, flag) (offsetof(struct T, member) - offsetof(struct T, flag))

#define RT_DEVICE_ONE(T, member, number, TYPE)                                                     \
    RT_DEVICE_FIELD_(T, member, number, SINGULAR, TYPE, RT_DEVICE_SIZE_(T, member), 0, 1)
#define RT_DEVICE_OPTIONAL(T, member, number, TYPE)                                                \
    RT_DEVICE_FIELD_(T, member, number, OPTIONAL, TYPE, RT_DEVICE_SIZE_(T, member),                \
                     RT_DEVICE_BACK_(T, member, has_##member), 1)
#define RT_DEVICE_LIST(T, member, number, TYPE)                                                    \
    RT_DEVICE_FIELD_(T, member, number, REPEATED, TYPE, RT_DEVICE_SIZE_(T, member[0]),             \
                     RT_DEVICE_BACK_(T, member, n_##member),                                       \
                     RT_DEVICE_SIZE_(T, member) / RT_DEVICE_SIZE_(T, member[0]))

/* nanopb counts offsets and sizes in 16 bits. */
#define RT_DEVICE_FITS(T)                                                                          \
    _Static_assert(sizeof(struct T) <= UINT16_MAX, #T " is too large for a device")

#endif
