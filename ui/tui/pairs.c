#include "tui/pairs.h"

#include <assert.h>

/** The slot of a pair, or the free one where it belongs: at most half of them are ever taken. */
static int slot_of(const struct pairs *p, int32_t fg, int32_t bg)
{
    uint32_t i = ((uint32_t)fg * 0x9e3779b1u ^ (uint32_t)bg * 0x85ebca77u) >> 15;

    static_assert(PAIRS_SLOTS == 1 << 17, "as many bits as the hash has");
    while (p->slot[i].number && (p->slot[i].fg != fg || p->slot[i].bg != bg))
        i = (i + 1) % PAIRS_SLOTS;
    return (int)i;
}

int pairs_find(const struct pairs *p, int32_t fg, int32_t bg)
{
    return p->slot[slot_of(p, fg, bg)].number;
}

int pairs_add(struct pairs *p, int32_t fg, int32_t bg)
{
    int i = slot_of(p, fg, bg);

    assert(p->limit <= PAIRS_MOST && p->slot[i].number == 0);
    if (p->used + 1 >= p->limit)
        return 0;
    p->slot[i].fg = fg;
    p->slot[i].bg = bg;
    p->slot[i].number = ++p->used;
    return p->used;
}
