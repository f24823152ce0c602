#include "nn/model.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/asset.h"
#include "base/file.h"
#include "base/text.h"

enum { WORDS_MOST = 64, LETS_MOST = 32, WORD_MOST = 512, MODEL_BYTES = 1 << 20 };

struct let {
    char name[32];
    long value;
    bool fixed; /* set from outside: a `let` line doesn't change it */
    bool used;
};

struct parser {
    const char *path;
    int line;
    struct diag *diag;
    struct let let[LETS_MOST];
    int lets;
    bool has_input;
    struct shape in;
    struct layer *layer;
    int layers, room;
    char word[WORDS_MOST][WORD_MOST]; /* of the line */
    int words;
};

#define FAIL(p, err, ...) diag_fail((p)->diag, err, (p)->path, (p)->line, __VA_ARGS__)

/* ---- words and numbers with names ---- */

static struct let *let_find(struct parser *p, const char *name)
{
    for (int i = 0; i < p->lets; i++)
        if (strcmp(p->let[i].name, name) == 0)
            return &p->let[i];
    return NULL;
}

static bool let_name(const char *name)
{
    for (const char *c = name; *c; c++)
        if (!isalpha((unsigned char)*c) || *c == 'x') /* an x stands between rows and columns */
            return false;
    return *name && strlen(name) < sizeof((struct let *)0)->name;
}

static enum err let_set(struct parser *p, const char *name, const char *value, bool fixed)
{
    long number = 0;
    if (!let_name(name))
        return FAIL(p, ERR_FORMAT, "'%.40s' can't name a number: letters only, and no x", name);
    if (!text_int(value, 0, INT_MAX, &number))
        return FAIL(p, ERR_FORMAT, "%s is '%.40s', but must be a whole number from 0", name, value);
    struct let *let = let_find(p, name);
    if (let && fixed)
        return FAIL(p, ERR_FORMAT, "%s is set twice", name);
    if (let) {
        if (!let->fixed)
            let->value = number;
        let->used = true;
        return ERR_NONE;
    }
    if (p->lets == LETS_MOST)
        return FAIL(p, ERR_FORMAT, "more than %d numbers with names", LETS_MOST);
    let = &p->let[p->lets++];
    *let = (struct let){.value = number, .fixed = fixed, .used = !fixed};
    snprintf(let->name, sizeof let->name, "%s", name);
    return ERR_NONE;
}

/* "2w" -> "128" in every part between x's; a part that names no number stays as it is. */
static void expand(struct parser *p, char *word)
{
    struct text out = {0};
    for (const char *at = word; *at;) {
        size_t length = strcspn(at, "x"), digits = strspn(at, "0123456789");
        char name[WORD_MOST];
        snprintf(name, sizeof name, "%.*s", (int)(digits < length ? length - digits : 0), at + digits);
        const struct let *let = *name && digits < 10 ? let_find(p, name) : NULL;
        if (let)
            text_format(&out, "%lld", (digits ? strtoll(at, NULL, 10) : 1) * (long long)let->value);
        else
            text_add_n(&out, at, length);
        at += length;
        if (*at == 'x') {
            text_add(&out, "x");
            at++;
        }
    }
    if (!out.failed && out.length < WORD_MOST)
        memcpy(word, text_str(&out), out.length + 1);
    text_free(&out);
}

static enum err split(struct parser *p, const char *line, size_t length)
{
    p->words = 0;
    for (size_t i = 0; i < length;) {
        if (line[i] == ' ' || line[i] == '\t' || line[i] == '\r') {
            i++;
            continue;
        }
        if (line[i] == '#')
            break;
        size_t start = i;
        for (; i < length && !strchr(" \t\r#", line[i]); i++)
            if (!isgraph((unsigned char)line[i]))
                return FAIL(p, ERR_FORMAT, "byte %d can't stand in a model file, which is plain text",
                            (unsigned char)line[i]);
        if (p->words == WORDS_MOST || i - start >= WORD_MOST)
            return FAIL(p, ERR_FORMAT, "the line has more than %d words, or one longer than %d letters",
                        WORDS_MOST, WORD_MOST - 1);
        memcpy(p->word[p->words], line + start, i - start);
        p->word[p->words++][i - start] = 0;
    }
    return ERR_NONE;
}

/* ---- lines ---- */

static enum err read_input(struct parser *p)
{
    if (p->has_input)
        return FAIL(p, ERR_FORMAT, "a second `input`");
    int part[3] = {1, 1, 1}, parts = 0;
    expand(p, p->word[1]);
    for (char *rest = p->word[1], *word; p->words == 2 && (word = strsep(&rest, "x"));) {
        long number = 0;
        if (parts == 3 || !text_int(word, 1, 1 << 20, &number)) {
            parts = 0;
            break;
        }
        part[parts++] = (int)number;
    }
    if (p->words != 2 || (parts != 1 && parts != 3))
        return FAIL(p, ERR_FORMAT, "`input` wants CHANNELSxROWSxCOLUMNS, as in `input 1x28x28`");
    p->in = (struct shape){part[0], part[1], part[2]};
    p->has_input = true;
    return ERR_NONE;
}

static int find_layer(const struct parser *p, const char *name)
{
    for (int i = 0; i < p->layers; i++)
        if (strcmp(p->layer[i].name, name) == 0)
            return i;
    return -1;
}

static enum err input_named(struct parser *p, const char *name, int *in)
{
    *in = strcmp(name, "input") == 0 ? NET_INPUT : find_layer(p, name);
    if (*in >= 0 || strcmp(name, "input") == 0)
        return ERR_NONE;
    struct text known = {0};
    int last = p->layers - 1;
    while (last >= 0 && !p->layer[last].name[0])
        last--;
    text_listed(&known, "input", last < 0);
    for (int i = 0; i <= last; i++)
        if (p->layer[i].name[0])
            text_listed(&known, p->layer[i].name, i == last);
    return text_unknown(p->diag, p->path, p->line, "earlier layer", name, &known);
}

static enum err check_name(struct parser *p, const char *name)
{
    if (!*name || strlen(name) >= LAYER_NAME)
        return FAIL(p, ERR_FORMAT, "a layer's name has 1 to %d letters", LAYER_NAME - 1);
    for (const char *c = name; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr("._-", *c))
            return FAIL(p, ERR_FORMAT,
                        "'%c' in the name '%.60s': letters, digits, '.', '_' and '-' can stand there", *c,
                        name);
    if (find_layer(p, name) >= 0 || strcmp(name, "input") == 0)
        return FAIL(p, ERR_FORMAT, "there is a layer '%s' already", name);
    return ERR_NONE;
}

/* The words behind the type: sums' names, options, and `from`. */
static enum err read_options(struct parser *p, struct layer *l, int at)
{
    const struct layer_type *type = l->type;
    int place = 0, named = 0;
    enum err err = ERR_NONE;
    for (; at < p->words && !err; at++) {
        char *word = p->word[at], *value = at + 1 < p->words ? p->word[at + 1] : NULL;
        bool took = false;
        struct diag inner = {0};
        if (strcmp(word, "from") == 0) {
            if (!value || type->inputs != 1)
                return FAIL(p, ERR_FORMAT, "`from` wants the name of the one layer that %s reads",
                            type->name);
            err = input_named(p, value, &l->in[0]);
            at++;
            continue;
        }
        if (type->inputs > 1 && named < type->inputs) {
            err = input_named(p, word, &l->in[named++]);
            continue;
        }
        expand(p, word);
        bool number = !isalpha((unsigned char)word[0]);
        if (!type->option)
            return FAIL(p, ERR_UNKNOWN, "'%.60s' isn't an option of %s; it is written: %s", word, type->name,
                        type->usage);
        if (value)
            expand(p, value);
        err = type->option(&l->options, place, number ? NULL : word, number ? word : value, &took, &inner);
        place += number;
        if (err)
            err = FAIL(p, err, "%s", inner.text);
        at += took;
        if (took && !value)
            return FAIL(p, ERR_FORMAT, "%s wants a value", word);
    }
    if (!err && (place < type->positional || (type->inputs > 1 && named < type->inputs)))
        return FAIL(p, ERR_FORMAT, "%s wants more; it is written: %s", type->name, type->usage);
    return err;
}

static enum err read_layer(struct parser *p)
{
    int at = 0;
    size_t length = strlen(p->word[0]);
    char name[LAYER_NAME] = "";
    if (length > 1 && p->word[0][length - 1] == ':') {
        p->word[0][length - 1] = 0;
        enum err err = check_name(p, p->word[0]);
        if (err)
            return err;
        memcpy(name, p->word[0], length);
        at = 1;
    }
    if (at == p->words)
        return FAIL(p, ERR_FORMAT, "a name without a layer, as in `first: conv 8 5x5`");
    const struct layer_type *type = layer_type_find(p->word[at]);
    if (!type) {
        struct text known = {0};
        layer_type_names(&known);
        return text_unknown(p->diag, p->path, p->line, "layer type", p->word[at], &known);
    }
    if (!p->has_input)
        return FAIL(p, ERR_FORMAT, "`input CHANNELSxROWSxCOLUMNS` must come before the first layer");
    if (p->layers == NET_LAYERS)
        return FAIL(p, ERR_FORMAT, "more than %d layers", NET_LAYERS);
    if (p->layers == p->room) {
        int room = p->room ? 2 * p->room : 16;
        struct layer *more = realloc(p->layer, (size_t)room * sizeof *more);
        if (!more)
            return diag_memory(p->diag, "layers");
        p->layer = more;
        p->room = room;
    }
    struct layer *l = &p->layer[p->layers];
    *l = (struct layer){
        .type = type, .inputs = type->inputs, .in = {p->layers - 1, p->layers - 1}, .line = p->line};
    if (type->defaults)
        l->options = *type->defaults;
    memcpy(l->name, name, sizeof name);
    enum err err = read_options(p, l, at + 1);
    if (!err)
        p->layers++;
    return err;
}

static enum err read_line(struct parser *p, const char *line, size_t length)
{
    enum err err = split(p, line, length);
    if (err || p->words == 0)
        return err;
    if (strcmp(p->word[0], "input") == 0)
        return read_input(p);
    if (strcmp(p->word[0], "let") != 0)
        return read_layer(p);
    if (p->words != 3)
        return FAIL(p, ERR_FORMAT, "`let` wants a name and a number, as in `let width 64`");
    return let_set(p, p->word[1], p->word[2], false);
}

/* "width=8,classes=10": known before the first line, so that `let` leaves them alone. */
static enum err read_settings(struct parser *p, const char *settings)
{
    char *copy = text_copy(settings), *rest = copy, *word;
    enum err err = copy ? ERR_NONE : diag_memory(p->diag, "settings");
    while (!err && (word = strsep(&rest, ","))) {
        char *value = strchr(word, '=');
        if (!value)
            err = FAIL(p, ERR_FORMAT, "the setting '%.60s' isn't NAME=NUMBER", word);
        else {
            *value = 0;
            err = let_set(p, word, value + 1, true);
        }
    }
    free(copy);
    return err;
}

void model_write_input(struct text *t, const struct net *net)
{
    text_format(t, "input %dx%dx%d\n", net->in.c, net->in.h, net->in.w);
}

void model_write_layer(struct text *t, const struct layer *l, const char *const in[LAYER_INPUTS])
{
    char options[1024] = "";
    if (l->type->write)
        l->type->write(&l->options, options, sizeof options);
    text_format(t, "%s: %s", l->name, l->type->name);
    for (int k = 0; k < l->inputs && l->inputs > 1; k++)
        text_format(t, " %s", in[k]);
    text_add(t, options);
    if (l->inputs == 1 && in[0])
        text_format(t, " from %s", in[0]);
    text_add(t, "\n");
}

const char *model_input_name(const struct net *net, int layer, int k)
{
    const struct layer *l = &net->layer[layer];
    if (l->inputs == 1 && l->in[0] == layer - 1)
        return NULL;
    return l->in[k] < 0 ? "input" : net->layer[l->in[k]].name;
}

/* Names are given in net_build, so the text is written afterwards. */
static enum err write_text(struct net *net, struct diag *diag)
{
    struct text t = {0};
    model_write_input(&t, net);
    for (int i = 0; i < net->layers; i++) {
        const char *in[LAYER_INPUTS] = {0};
        for (int k = 0; k < net->layer[i].inputs; k++)
            in[k] = model_input_name(net, i, k);
        model_write_layer(&t, &net->layer[i], in);
    }
    net->text = text_take(&t);
    return net->text ? ERR_NONE : diag_memory(diag, "the model's text");
}

static enum err parse(struct parser *p, const char *text, const char *settings, struct net **out)
{
    enum err err = settings && *settings ? read_settings(p, settings) : ERR_NONE;
    for (const char *line = text; *line && !err;) {
        size_t length = strcspn(line, "\n");
        p->line++;
        err = read_line(p, line, length);
        line += length + (line[length] == '\n');
    }
    p->line = 0;
    for (int i = 0; i < p->lets && !err; i++)
        if (!p->let[i].used)
            err = FAIL(p, ERR_UNKNOWN, "the model has no number named '%s' to set", p->let[i].name);
    if (!err && (!p->has_input || p->layers == 0))
        err = FAIL(p, ERR_FORMAT, "a model has an `input` line and at least one layer");
    if (!err)
        err = net_build(p->in, p->layer, p->layers, NULL, p->path, out, p->diag);
    return err;
}

enum err model_parse(const char *text, const char *path, const char *settings, struct net **out,
                     struct diag *diag)
{
    struct parser *p = calloc(1, sizeof *p);
    struct net *net = NULL;
    if (!p)
        return diag_memory(diag, "a model");
    p->path = path;
    p->diag = diag;
    enum err err = parse(p, text, settings, &net);
    if (err)
        free(p->layer);
    free(p);
    if (err)
        return err;
    err = write_text(net, diag);
    if (err) {
        net_free(net);
        return err;
    }
    *out = net;
    return ERR_NONE;
}

enum err model_list(char ***out, struct diag *diag)
{
    return asset_list("models", ".model", out, diag);
}

static bool built_in(const char *name, char **path)
{
    struct text asset = {0};
    struct diag ignored = {0};
    text_format(&asset, "models/%s.model", name);
    enum err err = asset_path(text_str(&asset), path, &ignored);
    text_free(&asset);
    return !err;
}

static enum err unknown_model(const char *name, struct diag *diag)
{
    char **names = NULL;
    struct text known = {0};
    if (!model_list(&names, NULL))
        for (int i = 0; names[i]; i++)
            text_listed(&known, names[i], !names[i + 1]);
    asset_list_free(names);
    return text_unknown(diag, NULL, 0, "model file and no built-in model", name, &known);
}

enum err model_load(const char *name, struct net **out, struct diag *diag)
{
    char *copy = text_copy(name), *path = NULL, *settings = NULL;
    struct bytes bytes = {0};
    if (!copy)
        return diag_memory(diag, "a model");
    if (!file_exists(copy) && (settings = strrchr(copy, ':')))
        *settings++ = 0;
    enum err err = ERR_NONE;
    bool plain = *copy && !strchr(copy, '/');
    if (!(plain && built_in(copy, &path))) {
        if (plain && strcmp(copy, "-") != 0 && !file_exists(copy) && !strchr(copy, '.'))
            err = unknown_model(copy, diag);
        else if (!(path = text_copy(copy)))
            err = diag_memory(diag, "a model");
    }
    if (!err)
        err = file_read(path, MODEL_BYTES, &bytes, diag);
    if (!err && strlen((const char *)bytes.data) != bytes.size)
        err = diag_fail(diag, ERR_FORMAT, path, 0, "it holds zero bytes, but a model file is plain text");
    if (!err)
        err = model_parse((const char *)bytes.data, path, settings, out, diag);
    bytes_free(&bytes);
    free(path);
    free(copy);
    return err;
}
