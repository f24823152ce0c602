/**
 * The built program, started as a shell would: exit statuses, one sentence for what goes wrong, and what comes out.
 */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "cli/command.h"
#include "data/image.h"
#include "nn/init.h"
#include "nn/model.h"

enum { WORDS = 20 };

/* ---- a folder with one of everything ---- */

static char folder[] = "/tmp/fovea-cli-XXXXXX";

static const char *const files[] = {"w.safetensors",
                                    "bare.safetensors",
                                    "nan.safetensors",
                                    "a.png",
                                    "x.csv",
                                    "k.csv",
                                    "tiny.model",
                                    "names",
                                    "empty",
                                    "empty.png",
                                    "empty.csv",
                                    "empty.safetensors",
                                    "empty.model",
                                    "out",
                                    "err",
                                    "made.png",
                                    "made.csv",
                                    "made.safetensors",
                                    "ascent.png",
                                    "noise/a-noise-0.1.png"};
static const char *const folders[] = {"noise", "dir.png", "dir.csv", "dir.safetensors", "dir.model", "dir"};

static void put(const char *name, const char *text)
{
    cr_assert(!file_write(name, text, strlen(text), NULL), "%s", name);
}

static void make_network(void)
{
    static const char text[] = "input 1x8x8\nc: conv 2 3x3\nrelu\nflatten\nd: dense 3\n";
    char *names[] = {(char[]){"ant"}, (char[]){"bee"}, (char[]){"cow"}};
    struct net *net = NULL;
    struct weights w = {0};
    struct diag diag = {0};
    cr_assert_eq(model_parse(text, "tiny.model", NULL, &net, &diag), ERR_NONE, "%s", diag.text);
    cr_assert(!weights_init(&w, net, NULL));
    init_weights(&w, net, INIT_HE, 7);
    cr_assert(!weights_save(&w, net, names, 3, "w.safetensors", NULL));
    for (size_t i = 0; i < w.params_count; i++)
        w.params[i] = (float)(0.0 / 0.0);
    cr_assert(!weights_save(&w, net, NULL, 0, "nan.safetensors", NULL));
    put("tiny.model", text);
    weights_fini(&w);
    net_free(net);
}

static void set_up(void)
{
    static float pixels[64];
    cr_assert(mkdtemp(folder) && chdir(folder) == 0);
    for (int i = 1; i < ARRAY_LEN(folders); i++)
        cr_assert_eq(mkdir(folders[i], 0777), 0);
    for (int i = 0; i < 64; i++)
        pixels[i] = (float)(i * 29 % 64) / 64;
    cr_assert(!image_write_png("a.png", (struct shape){1, 8, 8}, pixels, NULL));
    put("x.csv", "3,3,2,1,0\n0,0,1,3,1\n3,1,2,2,3\n2,0,0,2,2\n2,0,0,0,1\n");
    put("k.csv", "0 1 2\n2 2 0\n0 1 2\n");
    put("names", "red\ngreen\nblue\n");
    for (int i = 0; i < ARRAY_LEN(files); i++)
        if (strncmp(files[i], "empty", 5) == 0)
            put(files[i], "");
    make_network();
}

static void tear_down(void)
{
    char command[64];
    snprintf(command, sizeof command, "rm -r %s", folder);
    cr_assert(chdir("/") == 0 && system(command) == 0);
}

/* ---- running ---- */

struct result {
    int status;
    char out[16384], err[4096];
};

static void slurp(const char *name, char *text, size_t size)
{
    FILE *f = fopen(name, "r");
    cr_assert(f);
    text[fread(text, 1, size - 1, f)] = 0;
    fclose(f);
}

/* @param input  file for standard input, or NULL for none; @param output  "out", or a file like /dev/full */
static struct result run_words(char **words, const char *input, const char *output, char **environment)
{
    static struct result r;
    posix_spawn_file_actions_t actions;
    pid_t pid = 0;
    int status = 0;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, input ? input : "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    posix_spawn_file_actions_addopen(&actions, 2, "err", O_WRONLY | O_CREAT | O_TRUNC, 0666);
    cr_assert_eq(posix_spawn(&pid, FOVEA_PROGRAM, &actions, NULL, words, environment), 0, "%s",
                 FOVEA_PROGRAM);
    posix_spawn_file_actions_destroy(&actions);
    cr_assert_eq(waitpid(pid, &status, 0), pid);
    r = (struct result){.status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status)};
    if (strcmp(output, "out") == 0)
        slurp("out", r.out, sizeof r.out);
    slurp("err", r.err, sizeof r.err);
    return r;
}

/* A line as one would type it, words apart by single blanks; every @ in it is replaced. */
static struct result run_line(const char *line, const char *at, const char *input)
{
    struct text t = {0};
    char *words[WORDS] = {(char[]){"fovea"}}, *rest, *word;
    int count = 1;
    for (const char *c = line; *c; c++)
        text_add_n(&t, *c == '@' ? at : c, *c == '@' ? strlen(at) : 1);
    char *copy = rest = text_take(&t);
    while ((word = strsep(&rest, " ")) && count < WORDS - 1)
        words[count++] = word;
    static struct result r;
    r = run_words(words, input, "out", environ);
    free(copy);
    return r;
}

static bool one_sentence(const char *text)
{
    const char *end = strchr(text, '\n');
    return strncmp(text, "fovea: ", 7) == 0 && strlen(text) > 12 && end && !end[1];
}

/* ---- every command ---- */

Test(cli, every_command_explains_itself, .init = set_up, .fini = tear_down)
{
    for (int i = 0; commands[i]; i++) {
        struct text line = {0};
        struct result r;
        text_format(&line, "%s --help", commands[i]->name);
        r = run_line(text_str(&line), "", NULL);
        cr_assert_eq(r.status, 0, "%s", text_str(&line));
        cr_assert(strstr(r.out, commands[i]->usage) && strstr(r.out, commands[i]->help) && !*r.err, "%s",
                  text_str(&line));
        r = run_line(commands[i]->name, "", NULL);
        cr_assert_eq(r.status, 2, "%s alone", commands[i]->name);
        cr_assert(one_sentence(r.err) && strstr(r.err, "--help") && !*r.out, "%s alone: %s",
                  commands[i]->name, r.err);
        text_free(&line);
        text_format(&line, "%s --nonsense", commands[i]->name);
        r = run_line(text_str(&line), "", NULL);
        cr_assert_eq(r.status, 2, "%s", text_str(&line));
        cr_assert(one_sentence(r.err) && strstr(r.err, "'--nonsense'") && !*r.out, "%s", r.err);
        text_free(&line);
    }
}

/* Options as --help lists them: name after two blanks, then its value. */
Test(cli, every_option_is_strict, .init = set_up, .fini = tear_down)
{
    for (int i = 0; commands[i]; i++) {
        struct text line = {0};
        char help[16384];
        int found = 0;
        text_format(&line, "%s --help", commands[i]->name);
        struct result r = run_line(text_str(&line), "", NULL);
        text_free(&line);
        memcpy(help, r.out, sizeof help);
        for (char *at = strstr(help, "\n  --"); at; at = strstr(at + 1, "\n  --")) {
            char name[64] = "", value[64] = "";
            cr_assert(sscanf(at, "\n  %63s", name) == 1);
            bool takes = at[3 + strlen(name) + 1] != ' ' && sscanf(at + 3 + strlen(name), "%63s", value) == 1;
            if (strcmp(name, "--help") == 0)
                continue;
            text_format(&line, takes ? "%s %s" : "%s %s=1", commands[i]->name, name);
            r = run_line(text_str(&line), "", NULL);
            cr_assert_eq(r.status, 2, "%s", text_str(&line));
            cr_assert(one_sentence(r.err) && strstr(r.err, name) && strstr(r.err, "value"), "%s: %s",
                      text_str(&line), r.err);
            text_free(&line);
            found++;
        }
        cr_assert_geq(found, 1, "%s has no options?", commands[i]->name);
    }
}

/* What reads a file: with @ missing, a directory, or empty. "%s" stands for the kind of file behind the dot. */
static const struct reading {
    const char *line, *suffix;
} reading[] = {
    {"train --model tiny --data idx:@", ""},
    {"train --model tiny --data cifar10:@", ""},
    {"train --model tiny --data folder:@", ""},
    {"train --model ./@ --data idx:nowhere", ".model"},
    {"attack --weights @ --epsilon 0.1 a.png", ".safetensors"},
    {"attack --weights w.safetensors --epsilon 0.1 @", ".png"},
    {"attack --weights w.safetensors --epsilon 0.1 --data mnist:@", ""},
    {"attack --weights w.safetensors --classes @ --epsilon 0.1 a.png", ""},
    {"evaluate --weights @ --data idx:dir", ".safetensors"},
    {"evaluate --weights w.safetensors --data idx:@", ""},
    {"evaluate --weights w.safetensors --model ./@ --data idx:dir", ".model"},
    {"predict --weights @ a.png", ".safetensors"},
    {"predict --weights w.safetensors @", ".png"},
    {"predict --weights w.safetensors --classes @ a.png", ""},
    {"predict --weights w.safetensors --model ./@ a.png", ".model"},
    {"excite --weights @ --layer c --unit 0", ".safetensors"},
    {"excite --weights w.safetensors --layer c --unit 0 --start @", ".png"},
    {"excite --weights w.safetensors --layer c --unit 0 --data cifar10:@", ""},
    {"correlate @ k.csv", ".csv"},
    {"correlate x.csv @", ".csv"},
    {"correlate x.csv @", ".png"},
    {"correlate x.csv @", ".safetensors"},
    {"correlate x.csv @:name", ".safetensors"},
    {"filter --kernel sobel @ made.png", ".png"},
    {"summary ./@", ".model"},
    {"summary --model ./@", ".model"},
    {"data show idx:@", ""},
    {"data show cifar10:@", ""},
    {"data show folder:@", ""},
};

Test(cli, every_command_reads_with_care, .init = set_up, .fini = tear_down)
{
    static const char *const stems[] = {"missing", "dir", "empty"};
    for (int i = 0; commands[i]; i++) {
        size_t length = strlen(commands[i]->name);
        bool known = false;
        for (int k = 0; k < ARRAY_LEN(reading); k++)
            known |=
                strncmp(reading[k].line, commands[i]->name, length) == 0 && reading[k].line[length] == ' ';
        cr_assert(known, "the table above has no line for %s", commands[i]->name);
    }
    for (int i = 0; i < ARRAY_LEN(reading); i++)
        for (int s = 0; s < ARRAY_LEN(stems); s++) {
            char name[64];
            snprintf(name, sizeof name, "%s%s", stems[s], reading[i].suffix);
            struct result r = run_line(reading[i].line, name, NULL);
            cr_assert_eq(r.status, 1, "%s with %s ends with %d: %s", reading[i].line, name, r.status, r.err);
            cr_assert(one_sentence(r.err) && !*r.out, "%s with %s says: %s%s", reading[i].line, name, r.err,
                      r.out);
            cr_assert(strstr(r.err, name), "%s with %s doesn't name it: %s", reading[i].line, name, r.err);
        }
}

/* ---- single lines ---- */

static const struct line {
    const char *line, *input; /* standard input */
    int status;
    const char *out, *err; /* what must be in there; NULL: it must be empty */
} lines[] = {
    {"--version", NULL, 0, "fovea ", NULL},
    {"--help", NULL, 0, "correlate", NULL},
    {"--nonsense", NULL, 2, NULL, "no option '--nonsense'"},
    {"nonsense", NULL, 2, NULL, "no command 'nonsense'; there are:"},

    {"correlate x.csv k.csv", NULL, 0, "12 12 17\n10 17 19\n 9  6 14\n", NULL},
    {"correlate --json x.csv k.csv", NULL, 0,
     "{\"shape\":[3,3],\"values\":[12.0,12.0,17.0,10.0,17.0,19.0,9.0,6.0,14.0]}\n", NULL},
    {"correlate x.csv k.csv --convolve", NULL, 0, "18 20 19\n10  9 17\n11  8 14\n", NULL},
    {"correlate --mode=same x.csv k.csv", NULL, 0, " 6 14 17 11  3\n", NULL},
    {"correlate --mode same -- x.csv k.csv", NULL, 0, " 6 14 17 11  3\n", NULL},
    {"correlate - k.csv", "x.csv", 0, "12 12 17\n", NULL},
    {"correlate x.csv -", "k.csv", 0, "12 12 17\n", NULL},
    {"correlate x.csv -", "empty", 1, NULL, "standard input: holds no numbers"},
    {"correlate - -", "x.csv", 2, NULL, "standard input"},
    {"correlate --mode half x.csv k.csv", NULL, 2, NULL, "valid, same and full"},
    {"correlate --quiet x.csv k.csv", NULL, 0, "12 12 17\n", NULL},
    {"correlate x.csv", NULL, 2, NULL, "the kernel W"},
    {"correlate x.csv k.csv a.png", NULL, 2, NULL, "the kernel W"},
    {"correlate a.png k.csv --color --json", NULL, 0, "{\"shape\":[6,6,3],", NULL},
    {"correlate x.csv k.csv --color", NULL, 1, NULL, "not a PNG picture"},
    {"correlate a.png k.csv --mode same --out made.png --json", NULL, 0,
     "{\"shape\":[8,8],\"file\":\"made.png\",\"separable\":false,\"products\":9}\n", NULL},
    {"correlate a.png k.csv --color --out made.png --threads 1", NULL, 0, NULL, NULL},
    {"correlate a.png k.csv --color --out made.csv", NULL, 1, NULL, "made.csv: a result of three axes"},
    {"correlate x.csv k.csv --out made.safetensors --quiet", NULL, 0, NULL, NULL},
    {"correlate made.safetensors k.csv", NULL, 0, "134\n", NULL},
    {"correlate x.csv k.csv --out made.csv", NULL, 0, NULL, NULL},
    {"correlate x.csv k.csv --worksheet made.csv", NULL, 0, "12 12 17\n", NULL},
    {"correlate k.csv x.csv --worksheet made.csv", NULL, 1, NULL, "w can't be the larger one"},
    {"correlate a.png k.csv --json", NULL, 0, "{\"shape\":[6,6],", NULL},
    {"correlate w.safetensors:c.weight k.csv", NULL, 1, NULL, "same number of axes"},
    {"correlate w.safetensors:nothing k.csv", NULL, 1, NULL, "c.weight"},
    {"correlate -- --help k.csv", NULL, 1, NULL, "--help: cannot open"},

    {"filter --kernel gaussian:k=3,sigma=1 a.png made.png", NULL, 0, "mass kept 93.3 %", NULL},
    {"filter --kernel uniform --kernel sobel --abs a.png made.png --json", NULL, 0,
     "{\"stage\":\"sobel:edge=vertical\",\"shape\":[1,8,8],\"min\":", "outside [0,1]"},
    {"filter --kernel sobel --scale signed a.png made.png", NULL, 0, "scale:rule=signed", NULL},
    {"filter --noise 0.1 --kernel uniform --relu --pool max a.png made.png --quiet", NULL, 0, NULL, NULL},
    {"filter --kernel gaussian:k=3,sigma=4 a.png made.png", NULL, 0, "PSNR", "narrower than 2 sigma"},
    {"filter --kernel gaussian:k=3,sigma=4 a.png made.png --quiet", NULL, 0, NULL, NULL},
    {"filter --stage template:rows=3,cols=3 a.png made.png --json --quiet", NULL, 0,
     "\"peaks\":[{\"row\":0,\"col\":0,\"score\":1.0}", NULL},
    {"filter --list", NULL, 0, "    sigma        0.05..1000 (2)", NULL},
    {"filter --kernel edge:angle=90 --scale signed scene:towers made.png", NULL, 0, "3x96x144", NULL},
    {"filter --kernel edge scene:moon made.png", NULL, 1, NULL, "no scene 'moon'; there are towers, night"},
    {"filter --cities", NULL, 0,
     "by vertical edges\n  scene      edges   lines   is         classified\n  meadow ", NULL},
    {"filter --cities", NULL, 0,
     "long vertical line\n  scene      edges   lines   is         classified\n  towers ", NULL},
    {"filter --cities --json", NULL, 0, "{\"scene\":\"towers\",\"city\":true,\"edges\":0.", NULL},
    {"filter --kernel uniform --border repeat a.png made.png", NULL, 0, "uniform", NULL},
    {"filter --kernel uniform --border mirror a.png made.png", NULL, 2, NULL, "zero and repeat"},
    {"filter --kernel uniform --border repeat --mode full a.png made.png", NULL, 2, NULL, "mode same only"},
    {"filter --cities a.png", NULL, 2, NULL, "--cities takes no files"},
    {"filter --list a.png", NULL, 2, NULL, "--list takes no files"},
    {"filter a.png made.png", NULL, 2, NULL, "a stage is needed"},
    {"filter --kernel sobel a.png", NULL, 2, NULL, "OUT.png"},
    {"filter --kernel blur a.png made.png", NULL, 1, NULL, "no stage 'blur'; there are noise"},
    {"filter --kernel uniform:k=x a.png made.png", NULL, 1, NULL, "uniform: k is a number, not 'x'"},
    {"filter --noise much a.png made.png", NULL, 1, NULL, "sigma is a number, not 'much'"},
    {"filter --kernel uniform:k=9 --mode valid a.png made.png", NULL, 1, NULL,
     "stage 1, uniform: the kernel [9, 9]"},
    {"filter --kernel sobel --mode half a.png made.png", NULL, 2, NULL, "valid, same and full"},
    {"filter --kernel sobel a.png dir", NULL, 1, NULL, "dir: "},

    {"predict --weights w.safetensors a.png", NULL, 0, " %", NULL},
    {"predict --weights - a.png --json", "w.safetensors", 0, "\"class\":\"", NULL},
    {"predict --weights w.safetensors --json -", "a.png", 0, "{\"file\":\"-\",", NULL},
    {"predict --weights w.safetensors --top 1 --classes names a.png", NULL, 0, "e", NULL},
    {"predict --weights w.safetensors a.png missing.png a.png", NULL, 1, "a.png\n", "missing.png"},
    {"predict --weights w.safetensors --model tiny a.png", NULL, 1, NULL, "w.safetensors"},
    {"predict --weights w.safetensors --model - a.png", "tiny.model", 0, " %", NULL},
    {"predict --weights w.safetensors --top 0 a.png", NULL, 2, NULL, "--top wants a whole number from 1"},
    {"predict --weights nan.safetensors --json a.png", NULL, 0, "[null,null,null]", NULL},

    {"attack --weights w.safetensors --epsilon 0.1 a.png", NULL, 0, "a.png  epsilon 0.1:", NULL},
    {"attack --weights - --epsilon 0.1 --json a.png", "w.safetensors", 0, "\"adversarial_class\":\"", NULL},
    {"attack --weights w.safetensors --attack noise --out-dir noise --epsilon 0.1 a.png", NULL, 0, "L2",
     NULL},
    {"attack --weights w.safetensors --epsilon -1 a.png", NULL, 2, NULL, "--epsilon wants"},
    {"attack --weights w.safetensors --epsilon 1 --attack x a.png", NULL, 2, NULL, "fgsm"},
    {"attack --weights w.safetensors --epsilon 1 --norm l1 a.png", NULL, 2, NULL, "linf"},
    {"attack --weights w.safetensors --epsilon 1 --target 3 a.png", NULL, 1, NULL, "classes 0 to 2"},
    {"attack --weights w.safetensors --epsilon 1 a.png --data idx:dir", NULL, 2, NULL,
     "either --data or images"},

    {"excite --weights w.safetensors --layer c --unit 1,2,3", NULL, 0, "rows 2 to 4, columns 3 to 5", NULL},
    {"excite --weights - --layer d --unit 2 --out ascent.png --json", "w.safetensors", 0,
     "\"box\":[0,0,8,8],\"file\":\"ascent.png\"}\n", NULL},
    {"excite --weights w.safetensors --layer c --unit 1 --film film --iterations 40", NULL, 0,
     "film/step-00040.png\n", NULL},
    {"predict --weights w.safetensors film/step-00040.png", NULL, 0, " %", NULL},
    {"excite --weights w.safetensors --layer d --unit 0 --film film --iterations 2 --json", NULL, 0,
     "\"film\":[{\"step\":0,", NULL},
    {"excite --weights w.safetensors --layer c --unit 1 --decay 0.1 --blur 0.5 --blur-every 4", NULL, 0,
     "after 100 steps", NULL},
    {"excite --weights w.safetensors --layer c --unit 1 --jitter 2 --clip 0.3 --ground 0.5", NULL, 0,
     "after 100 steps", NULL},
    {"excite --weights w.safetensors --layer c --unit 1 --blur 17", NULL, 2, NULL, "--blur"},
    {"excite --weights w.safetensors --layer c --unit 1 --decay 2", NULL, 2, NULL, "--decay"},
    {"excite --weights w.safetensors --layer c --unit 1 --sheet sheet.png", NULL, 2, NULL, "--data"},
    {"excite --weights w.safetensors --layer c --unit 1 --film x.csv", NULL, 1, NULL, "x.csv"},
    {"excite --weights w.safetensors --layer e --unit 0", NULL, 1, NULL,
     "there are c, relu1, flatten1 and d"},
    {"excite --weights w.safetensors --layer c --unit 2", NULL, 1, NULL, "channels 0 to 1"},
    {"excite --weights w.safetensors --layer c --unit 1,2", NULL, 2, NULL, "CHANNEL,ROW,COLUMN"},
    {"excite --weights w.safetensors --layer c --unit one", NULL, 2, NULL, "CHANNEL,ROW,COLUMN"},

    {"evaluate --weights w.safetensors --data nothing:dir", NULL, 1, NULL,
     "no data source 'nothing:dir'; there are"},
    {"evaluate --weights w.safetensors --data idx:dir word", NULL, 2, NULL, "'word' is one word too many"},
    {"summary tiny.model", NULL, 0, "2*1*3*3 + 2", NULL},
    {"summary -", "tiny.model", 0, "2*1*3*3 + 2", NULL},
    {"summary nothing", NULL, 1, NULL, "no built-in model 'nothing'; there are"},
    {"summary tiny lenet", NULL, 2, NULL, "name one model"},
    {"data list", NULL, 0, "mnist:DIR", NULL},
    {"data lost", NULL, 2, NULL, "list, show D"},
    {"data fetch nothing", NULL, 2, NULL, "mnist, fashion-mnist and cifar10"},
    {"data fetch mnist --to x.csv", NULL, 1, NULL, FOVEA_FETCH ? "x.csv: cannot make" : "libcurl"},
    {"train --data idx:dir --epochs 0", NULL, 2, NULL, "--epochs wants a whole number from 1"},
    {"train --data idx:dir --lr fast", NULL, 2, NULL, "--lr wants a number"},
};

Test(cli, lines, .init = set_up, .fini = tear_down)
{
    for (int i = 0; i < ARRAY_LEN(lines); i++) {
        const struct line *l = &lines[i];
        struct result r = run_line(l->line, "", l->input);
        cr_assert_eq(r.status, l->status, "%s ends with %d: %s", l->line, r.status, r.err);
        cr_assert(l->out ? strstr(r.out, l->out) != NULL : !*r.out, "%s prints: %s", l->line, r.out);
        cr_assert(l->err ? one_sentence(r.err) && strstr(r.err, l->err) : !*r.err, "%s says: %s", l->line,
                  r.err);
    }
}

Test(cli, numbers_are_exact_enough, .init = set_up, .fini = tear_down)
{
    struct result r = run_line("predict --weights w.safetensors --json a.png", "", NULL);
    const char *list = strstr(r.out, "\"probabilities\":[");
    double sum = 0, p[3] = {0};
    cr_assert_not_null(list);
    cr_assert_eq(sscanf(list, "\"probabilities\":[%lf,%lf,%lf]", &p[0], &p[1], &p[2]), 3);
    for (int i = 0; i < 3; i++)
        sum += p[i];
    cr_assert_float_eq(sum, 1, 1e-6);
    cr_assert(strstr(r.out, "\"class\":\"ant\"") || strstr(r.out, "\"class\":\"bee\"") ||
              strstr(r.out, "\"class\":\"cow\""));
}

Test(cli, products_in_any_locale, .init = set_up, .fini = tear_down)
{
    char *words[] = {(char[]){"fovea"}, (char[]){"correlate"}, (char[]){"--steps"},
                     (char[]){"x.csv"}, (char[]){"k.csv"},     NULL};
    char *plain[] = {(char[]){"LC_ALL=C"}, NULL}, *wide[] = {(char[]){"LC_ALL=C.UTF-8"}, NULL};
    struct result r = run_words(words, NULL, "out", plain);
    cr_assert(strstr(r.out, "(1,1)  3*0 + 3*1 + 2*2 + 0*2 + 0*2 + 1*0 + 3*0 + 1*1 + 2*2 = 12\n"), "%s",
              r.out);
    r = run_words(words, NULL, "out", wide);
    cr_assert(strstr(r.out, "(3,3)  2·0 + 2·1 + 3·2 + 0·2 + 2·2 + 2·0 + 0·0 + 0·1 + 1·2 = 14\n"), "%s",
              r.out);
}

Test(cli, a_full_disk_is_noticed, .init = set_up, .fini = tear_down)
{
    char *words[] = {(char[]){"fovea"}, (char[]){"summary"}, (char[]){"tiny"}, NULL};
    if (access("/dev/full", W_OK) != 0)
        cr_skip_test("there is no /dev/full");
    struct result r = run_words(words, NULL, "/dev/full", environ);
    cr_assert(r.status == 1 && one_sentence(r.err) && strstr(r.err, "standard output"), "%d: %s", r.status,
              r.err);
}
