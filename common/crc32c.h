/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * CRC-32C (Castagnoli; RFC 3720 appendix B.4): tells bytes that a disk changed or did not write
 * from bytes that it kept. Against somebody who changes them on purpose it proves nothing: that is
 * what sealing is for.
 */
#ifndef MAATSTAF_COMMON_CRC32C_H
#define MAATSTAF_COMMON_CRC32C_H

#include <stddef.h>
#include <stdint.h>

uint32_t crc32c(const void *data, size_t length);

#endif
