#include "tui/rung.h"

#include <stdbool.h>
#include <string.h>

#include "tui/terminfo.h"

static const struct {
    const char *name;
    enum rung rung;
} wishes[] = {
    {"direct", RUNG_DIRECT},
    {"256", RUNG_256},
    {"8", RUNG_8},
    {"mono", RUNG_MONO},
};

static bool begins(const char *s, const char *with)
{
    return strncmp(s, with, strlen(with)) == 0;
}

static bool ends(const char *s, const char *with)
{
    size_t length = strlen(s), tail = strlen(with);

    return length >= tail && strcmp(s + length - tail, with) == 0;
}

/** Terminals that understand what xterm-256color says, and whose keys send what it says. */
static bool like_xterm(const char *term)
{
    static const char *const families[] = {"xterm",   "alacritty", "contour", "foot", "ghostty", "gnome",
                                           "konsole", "kitty",     "mlterm",  "rio",  "st-",     "vte",
                                           "wezterm", "mintty",    "iterm",   "putty"};

    for (int i = 0; i < ARRAY_LEN(families); i++) {
        if (begins(term, families[i]))
            return true;
    }
    return false;
}

static bool within_tmux(const struct rung_facts *f)
{
    return begins(f->term, "tmux") || (begins(f->term, "screen") && f->tmux && *f->tmux);
}

static bool promises_direct(const struct rung_facts *f)
{
    if (!like_xterm(f->term) && !within_tmux(f))
        return false;
    if (ends(f->term, "-direct"))
        return true;
    return f->colorterm && (strcmp(f->colorterm, "truecolor") == 0 || strcmp(f->colorterm, "24bit") == 0);
}

/** An entry that has the colours of the plan's rung, whatever TERM's own says. */
static void plan_entry(const struct rung_facts *f, bool wished, struct rung_plan *plan)
{
    if (plan->rung == RUNG_DIRECT && within_tmux(f)) {
        plan->term = TERMINFO_TMUX_DIRECT;
        plan->terminfo = terminfo_tmux_direct;
    } else if (plan->rung == RUNG_DIRECT) {
        plan->term = TERMINFO_XTERM_DIRECT;
        plan->terminfo = terminfo_xterm_direct;
    } else if (plan->rung == RUNG_256 && (ends(f->term, "-direct") || (wished && !strstr(f->term, "256")))) {
        plan->term = within_tmux(f) ? "tmux-256color" : "xterm-256color";
    }
}

enum err rung_choose(const struct rung_facts *facts, struct rung_plan *out, struct diag *diag)
{
    bool wished = facts->colors && strcmp(facts->colors, "auto") != 0, found = !wished;

    if (!facts->term || !*facts->term)
        return diag_fail(
            diag, ERR_UNKNOWN, NULL, 0,
            "the environment variable TERM is not set; it names the kind of terminal, for instance "
            "xterm-256color");
    *out = (struct rung_plan){.rung = RUNG_256, .term = facts->term};
    if (facts->no_color && *facts->no_color)
        out->rung = RUNG_MONO;
    else if (promises_direct(facts))
        out->rung = RUNG_DIRECT;
    for (int i = 0; wished && i < ARRAY_LEN(wishes); i++) {
        if (strcmp(facts->colors, wishes[i].name) == 0) {
            out->rung = wishes[i].rung;
            found = true;
        }
    }
    if (!found)
        return diag_fail(diag, ERR_UNKNOWN, NULL, 0,
                         "colors \"%s\" are not known, expected auto, direct, 256, 8 or mono", facts->colors);
    plan_entry(facts, wished, out);
    return ERR_NONE;
}

enum rung rung_of_colors(int colors)
{
    if (colors >= 1 << 24)
        return RUNG_DIRECT;
    if (colors >= 256)
        return RUNG_256;
    return colors >= 8 ? RUNG_8 : RUNG_MONO;
}
