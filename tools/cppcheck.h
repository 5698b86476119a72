/* SPDX-License-Identifier: EUPL-1.2 */
/* For cppcheck only: the loops of jansson and Check, whose headers it does not read. */
#define json_array_foreach(array, index, value)                                                    \
    for (index = 0; index < json_array_size(array); index++)                                       \
        if ((value = json_array_get(array, index)))
#define json_object_foreach(object, key, value)                                                    \
    for (key = json_object_iter_key(json_object_iter(object)); key; key = 0)                       \
        if ((value = json_object_get(object, key)))
#define START_TEST(name) static void name(int _i)
#define END_TEST
