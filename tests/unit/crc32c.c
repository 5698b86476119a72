/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * CRC-32C against the values of RFC 3720, appendix B.4, and the check value of the catalogue of
 * parametrised CRC algorithms.
 */
#include "common/crc32c.h"

#include <check.h>

Suite *crc32c_suite(void);

START_TEST(the_published_values_come_out)
{
    uint8_t zeros[32] = {0}, ones[32], up[32], down[32];

    for (uint8_t i = 0; i < 32; i++) {
        ones[i] = 0xFF;
        up[i] = i;
        down[i] = (uint8_t)(31 - i);
    }
    ck_assert_uint_eq(crc32c(zeros, 32), 0x8A9136AA);
    ck_assert_uint_eq(crc32c(ones, 32), 0x62A8AB43);
    ck_assert_uint_eq(crc32c(up, 32), 0x46DD794E);
    ck_assert_uint_eq(crc32c(down, 32), 0x113FDB5C);
    ck_assert_uint_eq(crc32c("123456789", 9), 0xE3069283);
    ck_assert_uint_eq(crc32c("", 0), 0);
}
END_TEST

Suite *
crc32c_suite(void)
{
    Suite *const s = suite_create("crc32c");
    TCase *const t = tcase_create("crc32c");

    tcase_add_test(t, the_published_values_come_out);
    suite_add_tcase(s, t);
    return s;
}
