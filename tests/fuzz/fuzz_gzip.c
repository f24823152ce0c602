/** Truncated, damaged and bursting gzip files. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/file.h"
#include "fuzz.h"

enum { LIMIT = 1 << 20 };

static enum err read_gzip(const char *path, struct diag *diag)
{
    struct bytes bytes = {0};
    enum err err = file_read_gzip(path, LIMIT, &bytes, diag);

    if (err)
        return err;
    if (bytes.size > LIMIT)
        fuzz_fail("%zu bytes are more than the limit", bytes.size);
    if (bytes.data[bytes.size] != 0)
        fuzz_fail("no 0 behind the data");
    bytes_free(&bytes);
    return ERR_NONE;
}

static const struct fuzz_reader reader = {read_gzip};

static size_t pack(const void *data, size_t size, unsigned char *out, size_t room)
{
    z_stream z = {.next_in = (unsigned char *)(uintptr_t)data, .avail_in = (uInt)size};

    z.next_out = out;
    z.avail_out = (uInt)room;
    if (deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK ||
        deflate(&z, Z_FINISH) != Z_STREAM_END)
        fuzz_fail("cannot pack");
    size = z.total_out;
    deflateEnd(&z);
    return size;
}

int main(void)
{
    static unsigned char data[LIMIT + 1], packed[FUZZ_MOST];
    size_t n, m;

    fuzz_begin();
    for (size_t i = 0; i < 3000; i++)
        data[i] = (unsigned char)(i * i >> 6);
    n = pack(data, 3000, packed, sizeof packed);
    fuzz_mutate(reader, NULL, packed, n, 4000, "one member");
    m = pack("a second one", 12, packed + n, sizeof packed - n);
    fuzz_mutate(reader, NULL, packed, n + m, 1000, "two members");

    memset(data, 0, sizeof data);
    n = pack(data, LIMIT, packed, sizeof packed);
    fuzz_expect(reader, NULL, packed, n, true, NULL, "as much as is allowed");
    n = pack(data, LIMIT + 1, packed, sizeof packed);
    fuzz_expect(reader, NULL, packed, n, false, "larger than the 1048576 bytes", "a byte too much");
    n = pack(data, LIMIT, packed, sizeof packed);
    for (m = n; m + n < sizeof packed; m += n)
        memcpy(packed + m, packed, n);
    fuzz_expect(reader, NULL, packed, m, false, "larger than", "many members");
    return fuzz_end();
}
