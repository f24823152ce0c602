#include "tui/widgets/flow.h"

#include <string.h>

/* How much of a piece is the sign before a term. */
static size_t sign_of(const char *text)
{
    static const char *const signs[] = {" + ", "+ ", ", "};
    for (int i = 0; i < ARRAY_LEN(signs); i++)
        if (strncmp(text, signs[i], strlen(signs[i])) == 0)
            return strlen(signs[i]);
    return 0;
}

void flow_put(struct flow *f, enum role role, const char *text)
{
    char sign[4] = "";
    if (f->col > 0 && f->col + text_columns(text) > f->cols) {
        f->line++;
        f->col = 0;
    }
    text += f->col == 0 ? strspn(text, " ") : 0;
    size_t length = sign_of(text);
    if (f->c && f->line >= f->top && f->line < f->top + f->rows) {
        int row = f->row + f->line - f->top, col = f->column + f->col;
        memcpy(sign, text, length);
        canvas_text(f->c, row, col, ROLE_TEXT, sign);
        canvas_text(f->c, row, col + (int)length, role, text + length);
    }
    f->col += text_columns(text);
}

void flow_break(struct flow *f)
{
    f->line += f->col > 0;
    f->col = 0;
}
