#include "filter/listener.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mailbox.h"
#include "base/mem.h"
#include "base/thread.h"
#include "filter/respond.h"
#include "filter/spectrogram.h"

enum { LEAST_COLUMNS = 600 /* of a view */ };
static const double between = 0.1; /* seconds between two results of something long */

/* A stretch that is gone through, chunk by chunk. */
struct pass {
    bool due;
    long at; /* the next sample */
};

struct listener {
    pthread_mutex_t lock;
    pthread_cond_t changed, rested;
    /* under the lock: */
    bool quit, asked, resting, busy;
    struct listener_question wanted;
    unsigned long questions; /* so far */
    unsigned long taken;     /* the last whose answer in full was taken; the other side's */
    /* the thread's: */
    struct listener_question now;
    unsigned long number; /* of that question */
    struct pass near, whole, search;
    bool picture, fresh; /* a spectrogram is due; something wasn't published yet */
    double told;         /* when something was published last */
    struct respond *respond;
    float *noisy;           /* what it reads */
    struct tensor response; /* of the whole series; empty: no search */
    struct listener_result result;
    struct mailbox mailbox;
    unsigned long number_of[MAILBOX_SLOTS]; /* question that a slot answers in full; 0: not in full */
    struct listener_result *slot;           /* [MAILBOX_SLOTS] */
    void (*wake)(void *arg);
    void *arg;
    pthread_t thread;
    bool started;
};

static void fail(struct listener *l, const struct diag *diag)
{
    snprintf(l->result.failed, sizeof l->result.failed, "%.159s", diag->text);
    l->near.due = l->whole.due = l->search.due = l->picture = false;
}

static bool all_done(const struct listener *l)
{
    return !l->near.due && !l->whole.due && !l->search.due && !l->picture;
}

static void publish(struct listener *l)
{
    unsigned back = mailbox_back(&l->mailbox);
    l->slot[back] = l->result;
    l->number_of[back] = all_done(l) ? l->number : 0;
    mailbox_publish(&l->mailbox);
    l->told = clock_now();
    l->fresh = false;
    if (l->wake)
        l->wake(l->arg);
}

/* ---- what is to be done for another question ---- */

static void end_search(struct listener *l)
{
    respond_free(l->respond);
    free(l->noisy);
    l->respond = NULL;
    l->noisy = NULL;
    tensor_fini(&l->response);
}

static void begin_search(struct listener *l)
{
    const struct listener_question *q = &l->now;
    struct diag diag = {0};
    end_search(l);
    for (int c = 0; c < STRETCH_COLUMNS; c++)
        l->result.response_low[c] = l->result.response_high[c] = l->result.near_low[c] =
            l->result.near_high[c] = NAN;
    l->result.search_done = false;
    l->result.searched = 0;
    l->result.peaks = 0;
    l->search = (struct pass){.due = q->piece && q->length <= q->change.x->count};
    if (!l->search.due)
        return;
    const long dim[2] = {1, q->change.x->count - q->length + 1};
    enum err err = respond_new(q->piece, q->length, q->normalised, &l->respond, &diag);
    if (!err)
        err = tensor_init(&l->response, 2, dim, &diag);
    if (!err) {
        l->noisy = mem_floats((size_t)(respond_step(l->respond) + q->length));
        err = l->noisy ? ERR_NONE : diag_memory(&diag, "a search");
    }
    if (err)
        fail(l, &diag);
}

/* Do the columns of the whole hold single samples? */
static bool is_short(const struct listener *l)
{
    return l->result.whole.columns == l->result.whole.span;
}

/* What lies around the view, unless the columns of the whole are fine enough. */
static void begin_near(struct listener *l)
{
    const struct listener_question *q = &l->now;
    long from = q->from - q->span, end = q->from + 2 * q->span;
    l->near.due = false;
    l->result.near.columns = 0;
    if (is_short(l) || q->span * STRETCH_COLUMNS / q->change.x->count > LEAST_COLUMNS)
        return;
    from = from > 0 ? from : 0;
    end = end < q->change.x->count ? end : q->change.x->count;
    l->near = (struct pass){true, from};
    stretch_begin(&l->result.near, from, end - from, STRETCH_COLUMNS / 4);
}

static bool same_picture(const struct listener_result *r, const struct listener_question *q)
{
    return r->view_from == q->from && r->view_span == q->span && r->window == q->window &&
           r->rows == q->rows && r->cols == q->cols && r->smoothed == q->smoothed;
}

static void begin(struct listener *l, const struct listener_question *was)
{
    const struct listener_question *q = &l->now;
    bool other = q->serial != was->serial;
    if (other) {
        l->result.failed[0] = 0;
        l->result.serial = q->serial;
        l->result.whole_done = false;
        l->result.error = (struct stretch_error){0};
        l->whole = (struct pass){true, 0};
        stretch_begin(&l->result.whole, 0, q->change.x->count, STRETCH_COLUMNS);
        begin_search(l);
    }
    if (other || q->from != was->from || q->span != was->span)
        begin_near(l);
    if (other || !same_picture(&l->result, q)) {
        l->picture = q->rows > 0 && q->cols > 0 && (long)q->rows * q->cols <= LISTENER_PICTURE;
        l->result.rows = l->result.cols = 0;
    }
    l->fresh = true;
}

/* Sleeps while there is nothing to do; takes another question. @return false: the end */
static bool attend(struct listener *l)
{
    pthread_mutex_lock(&l->lock);
    while (!l->quit && !l->asked && (l->resting || (all_done(l) && !l->fresh))) {
        l->busy = false;
        pthread_cond_broadcast(&l->rested);
        pthread_cond_wait(&l->changed, &l->lock);
    }
    bool going = !l->quit, asked = l->asked;
    struct listener_question was = l->now;
    if (asked) {
        l->now = l->wanted;
        l->number = l->questions;
        l->asked = false;
    }
    l->busy = going;
    pthread_mutex_unlock(&l->lock);
    if (going && asked)
        begin(l, &was);
    return going;
}

/* ---- the work, a chunk at a time ---- */

/* The response's part of the columns around the view. */
static void near_response(struct listener *l)
{
    struct listener_result *r = &l->result;
    for (int c = 0; c < r->near.columns; c++) {
        r->near_low[c] = r->near_high[c] = NAN;
        long end = stretch_first(&r->near, c + 1), known = l->search.at;
        for (long i = stretch_first(&r->near, c); i < end && i < known; i++)
            stretch_widen(&r->near_low[c], &r->near_high[c], l->response.data[i]);
    }
}

static void work_near(struct listener *l)
{
    struct stretch *s = &l->result.near;
    struct diag diag = {0};
    long left = s->from + s->span - l->near.at, count = left < STRETCH_CHUNK ? left : STRETCH_CHUNK;
    if (stretch_more(s, &l->now.change, l->near.at, count, NULL, &diag)) {
        fail(l, &diag);
        return;
    }
    l->near.at += count;
    l->near.due = count < left;
    if (!l->near.due && l->response.data)
        near_response(l);
    l->fresh |= !l->near.due;
}

static void work_whole(struct listener *l)
{
    struct listener_result *r = &l->result;
    struct diag diag = {0};
    long left = r->whole.span - l->whole.at, count = left < STRETCH_CHUNK ? left : STRETCH_CHUNK;
    if (stretch_more(&r->whole, &l->now.change, l->whole.at, count, &r->error, &diag)) {
        fail(l, &diag);
        return;
    }
    l->whole.at += count;
    l->whole.due = count < left;
    r->whole_done = !l->whole.due;
    l->fresh = true;
}

/* All places were tried: the best of them. */
static void find_peaks(struct listener *l)
{
    struct listener_result *r = &l->result;
    float most = 0;
    for (size_t i = 0; i < tensor_count(&l->response); i++)
        most = fmaxf(most, l->response.data[i]);
    float least = l->now.normalised ? 0.5f : most / 2;
    int found = template_peaks(&l->response, 1, (int)((l->now.length + 1) / 2), least > 0 ? least : INFINITY,
                               LISTENER_PEAKS, r->peak);
    r->peaks = found > 0 ? found : 0;
    r->search_done = true;
}

static void work_search(struct listener *l)
{
    struct listener_result *r = &l->result;
    long left = l->response.dim[1] - l->search.at, step = respond_step(l->respond);
    long count = left < step ? left : step;
    stretch_noisy(&l->now.change, l->search.at, count + l->now.length - 1, l->noisy);
    respond_run(l->respond, l->noisy, count, l->response.data + l->search.at);
    for (long i = l->search.at; i < l->search.at + count; i++) {
        int c = stretch_column(&r->whole, i);
        stretch_widen(&r->response_low[c], &r->response_high[c], l->response.data[i]);
    }
    l->search.at += count;
    l->search.due = count < left;
    r->searched = (double)l->search.at / (double)l->response.dim[1];
    if (!l->search.due)
        find_peaks(l);
    near_response(l);
    l->fresh = true;
}

/* ---- the spectrogram ---- */

/* What is heard around a sample: `window` samples, smoothed where that is asked. */
static enum err hear(struct listener *l, long middle, float *out, struct diag *diag)
{
    const struct stretch_change *change = &l->now.change;
    int window = l->now.window, more = l->now.smoothed ? change->weights - 1 : 0;
    float x[SPECTROGRAM_MOST + STRETCH_WEIGHTS], weight[STRETCH_WEIGHTS];
    stretch_noisy(change, middle - window / 2 - more / 2, window + more, x);
    if (!l->now.smoothed) {
        memcpy(out, x, (size_t)window * sizeof *out);
        return ERR_NONE;
    }
    memcpy(weight, change->w, sizeof weight);
    struct tensor in = {1, {window + more}, x}, w = {1, {change->weights}, weight}, y = {0};
    enum err err = correlate(&in, &w, CORRELATE_VALID, false, &y, diag);
    if (!err)
        memcpy(out, y.data, (size_t)window * sizeof *out);
    tensor_fini(&y);
    return err;
}

/* One column: its bins in so many rows, each the loudest of those that fall into it. */
static void take_bins(struct listener_result *r, const struct spectrogram *s, int col)
{
    for (int row = 0; row < r->rows; row++) {
        int first = (int)((long)(r->rows - 1 - row) * s->bins / r->rows);
        int end = (int)((long)(r->rows - row) * s->bins / r->rows);
        float most = s->decibel[first];
        for (int b = first + 1; b < end; b++)
            most = fmaxf(most, s->decibel[b]);
        float *at = &r->picture[row * r->cols + col];
        *at = fmaxf(*at, most);
    }
}

enum { FRAMES = 3 /* of a column at most: a long view is heard here and there */ };

static enum err work_column(struct listener *l, int col, float *x, struct diag *diag)
{
    const struct listener_question *q = &l->now;
    double width = (double)q->span / q->cols;
    int frames = width > q->window ? (int)fmin(width / q->window, FRAMES) : 1;
    enum err err = ERR_NONE;
    for (int f = 0; f < frames && !err; f++) {
        struct spectrogram s = {0};
        long middle = q->from + (long)((col + (f + 0.5) / frames) * width);
        err = hear(l, middle, x, diag);
        if (!err)
            err = spectrogram(x, q->window, q->change.x->rate, q->window, q->window, &s, diag);
        if (!err)
            take_bins(&l->result, &s, col);
        spectrogram_fini(&s);
    }
    return err;
}

static void work_picture(struct listener *l)
{
    const struct listener_question *q = &l->now;
    struct listener_result *r = &l->result;
    struct diag diag = {0};
    float x[SPECTROGRAM_MOST];
    int pixels = q->rows * q->cols;
    r->view_from = q->from, r->view_span = q->span;
    r->window = q->window, r->smoothed = q->smoothed;
    r->rows = q->rows, r->cols = q->cols;
    for (int i = 0; i < pixels; i++)
        r->picture[i] = SPECTROGRAM_FLOOR;
    for (int col = 0; col < q->cols; col++)
        if (work_column(l, col, x, &diag)) {
            fail(l, &diag);
            return;
        }
    r->loudest = SPECTROGRAM_FLOOR;
    for (int i = 0; i < pixels; i++)
        r->loudest = fmaxf(r->loudest, r->picture[i]);
    for (int i = 0; i < pixels; i++)
        r->picture[i] = fmaxf(r->picture[i] - (r->loudest - LISTENER_RANGE), 0);
    l->picture = false;
    l->fresh = true;
}

static void *work(void *arg)
{
    struct listener *l = arg;
    thread_lower_priority();
    while (attend(l)) {
        bool near = l->near.due, picture = l->picture;
        if (near)
            work_near(l);
        else if (picture && !(is_short(l) && l->whole.due))
            work_picture(l);
        else if (l->whole.due)
            work_whole(l);
        else if (l->search.due)
            work_search(l);
        if (l->fresh && (all_done(l) || (near && !l->near.due) || picture != l->picture ||
                         clock_now() - l->told > between))
            publish(l);
    }
    return NULL;
}

/* ---- the other side ---- */

enum err listener_new(void (*wake)(void *arg), void *arg, struct listener **out, struct diag *diag)
{
    struct listener *l = calloc(1, sizeof *l);
    *out = NULL;
    if (!l)
        return diag_memory(diag, "what listens to a series");
    *l = (struct listener){.wake = wake, .arg = arg, .resting = true};
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->changed, NULL);
    pthread_cond_init(&l->rested, NULL);
    mailbox_init(&l->mailbox);
    l->slot = mem_new(MAILBOX_SLOTS, sizeof *l->slot);
    enum err err = l->slot ? ERR_NONE : diag_memory(diag, "what listens to a series");
    if (!err) {
        l->started = thread_start(&l->thread, work, l);
        if (!l->started)
            err = diag_fail(diag, ERR_MEMORY, NULL, 0, "no thread could be started to listen to a series");
    }
    if (err)
        listener_free(l);
    else
        *out = l;
    return err;
}

void listener_free(struct listener *l)
{
    if (!l)
        return;
    pthread_mutex_lock(&l->lock);
    l->quit = true;
    pthread_cond_signal(&l->changed);
    pthread_mutex_unlock(&l->lock);
    if (l->started)
        pthread_join(l->thread, NULL);
    end_search(l);
    free(l->slot);
    pthread_cond_destroy(&l->rested);
    pthread_cond_destroy(&l->changed);
    pthread_mutex_destroy(&l->lock);
    free(l);
}

void listener_ask(struct listener *l, const struct listener_question *question)
{
    pthread_mutex_lock(&l->lock);
    l->wanted = *question;
    l->asked = true;
    l->resting = false;
    l->questions++;
    pthread_cond_signal(&l->changed);
    pthread_mutex_unlock(&l->lock);
}

void listener_rest(struct listener *l)
{
    pthread_mutex_lock(&l->lock);
    l->asked = false;
    l->resting = true;
    while (l->busy)
        pthread_cond_wait(&l->rested, &l->lock);
    l->now.serial = 0; /* whatever is asked next is another question */
    l->near.due = l->whole.due = l->search.due = l->picture = false;
    pthread_mutex_unlock(&l->lock);
}

const struct listener_result *listener_take(struct listener *l)
{
    int front = mailbox_take(&l->mailbox);
    if (front < 0)
        return NULL;
    if (l->number_of[front] > 0)
        l->taken = l->number_of[front];
    return &l->slot[front];
}

bool listener_settled(struct listener *l)
{
    return l->taken == l->questions;
}
