/* The run-time of a plan's equations: their functions' vocabulary, and the solution of their blocks.

   Each plan's shapes (`code.py`) are compiled with the first part in front; the second part, compiled once, is given
   the addresses of their functions. What has no value or needs a missing number is NaN, and comparisons keep it. */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Functions that are not written out wherever they are called: that takes the compiler long and saves little. */
#if defined(__GNUC__)
#define ONCE __attribute__((noinline, unused)) static
#else
#define ONCE static
#endif

static inline double over(double a, double b) { return b == 0 ? NAN : a / b; }
static inline double finite_or_nan(double v) { return fabs(v) <= 1.7976931348623157e308 ? v : NAN; }
ONCE double expo(double a) { return finite_or_nan(exp(a)); }
ONCE double loga(double a) { return a > 0 ? log(a) : NAN; }
ONCE double root(double a) { return a >= 0 ? sqrt(a) : NAN; }
ONCE double power(double a, double b) {
    if (a != a || b != b || (a == 0 && b < 0)) return NAN;
    return finite_or_nan(pow(a, b));
}
ONCE double logistic(double a) {
    if (a >= 0) return 1 / (1 + exp(-a));
    double e = exp(a);
    return e / (1 + e);
}
#define COMPARE(name, op) \
    ONCE double name(double a, double b) { return a != a || b != b ? NAN : (a op b ? 1.0 : 0.0); }
COMPARE(lt, <)
COMPARE(le, <=)
COMPARE(gt, >)
COMPARE(ge, >=)
COMPARE(eq, ==)
COMPARE(ne, !=)
ONCE double least(double a, double b) { return a != a || b != b ? NAN : (b < a ? b : a); }
ONCE double most(double a, double b) { return a != a || b != b ? NAN : (b > a ? b : a); }
#define larger(m, v) (fabs(v) > (m) ? fabs(v) : (m))
ONCE double nonzero(double a) { return a == 0 ? 1.0 : a; }
ONCE double side(double a) { return a >= 0 ? 1.0 : -1.0; }
static inline double slope(double v) { return fabs(v) <= 1.7976931348623157e308 ? v : 0.0; }
ONCE double rate(double b, double a) { return slope(b / a); }
ONCE double by_base(double b, double a, double c) { return c == 0 ? 0.0 : slope(b * c * power(a, c - 1)); }
ONCE double by_exponent(double b, double v, double a) { return a > 0 ? slope(b * v * log(a)) : 0.0; }

/* -- shapes above, driver below ------------------------------------------------------------------------- */

typedef double (*Value)(const double *, int64_t, const int *, const double *, double *);
typedef void (*Slopes)(const double *, int64_t, const int *, const double *, double *);

/* x: numbers by row (period, with empty rows before the first) and cell. Of each equation: its functions, the place of
   its parameters, how many slots it reads, its left cell (-1: none, a check's side), its add-factor's (-1: none), and
   the transform of its left side: 0 none, 1 log, 2 dlog, 3 diff, 4 pct. */
typedef struct {
    double *x;
    int64_t width, padding;
    const Value *value;
    const Slopes *slopes;
    const int *params;
    const int64_t *at;
    const double *numbers;
    const int64_t *numbers_at;
    const int *slots, *left, *add;
    const signed char *transform;
} Model;

/* What a right side `r`, its add-factor included, gives the left cell; `before` is the left cell a period ago. */
static double level(int transform, double r, double before) {
    switch (transform) {
        case 1: return expo(r);
        case 2: return before * expo(r);
        case 3: return before + r;
        case 4: return before * (1 + r / 100);
    }
    return r;
}

static double right(const Model *m, int i, int t, double *largest) {
    return m->value[i](m->x + (t + m->padding) * m->width, m->width, m->params + m->at[i], m->numbers + m->numbers_at[i],
                       largest);
}

static double cell(const Model *m, int t, int i) { return m->x[(t + m->padding) * m->width + i]; }

static double computed(const Model *m, int i, int t, double *largest) {
    double r = right(m, i, t, largest);
    double before = m->transform[i] >= 2 ? cell(m, t - 1, m->left[i]) : 0;
    if (m->add[i] >= 0) r += cell(m, t, m->add[i]);
    double v = finite_or_nan(level(m->transform[i], r, before));
    if (m->transform[i] == 3) *largest = larger(*largest, before);
    else if (m->transform[i] != 0 || m->add[i] >= 0) *largest = fabs(v);
    return v;
}

/* What the add-factor must be for the equation to hold. */
static double judged(const Model *m, int i, int t) {
    double largest, r = right(m, i, t, &largest);
    double left = cell(m, t, m->left[i]), before = m->transform[i] >= 2 ? cell(m, t - 1, m->left[i]) : 0;
    switch (m->transform[i]) {
        case 1: left = loga(left); break;
        case 2: left = loga(left) - loga(before); break;
        case 3: left -= before; break;
        case 4: left = 100 * (over(left, before) - 1); break;
    }
    return finite_or_nan(left - r);
}

/* For each of n (equation, period): the computed left side (or the judged add-factor) and its largest term. */
void bagdar_values(const Model *m, int64_t n, const int *i, const int *t, int judge, double *v, double *largest) {
    for (int64_t k = 0; k < n; k++) v[k] = judge ? judged(m, i[k], t[k]) : computed(m, i[k], t[k], largest + k);
}

/* The slopes of the computed left side by each slot, by the add-factor, by the left cell a period ago. */
static int64_t gradient(const Model *m, int i, int t, double *g) {
    int64_t n = m->slots[i];
    memset(g, 0, (n + 2) * sizeof(double));
    m->slopes[i](m->x + (t + m->padding) * m->width, m->width, m->params + m->at[i],
                 m->numbers + m->numbers_at[i], g);
    if (m->add[i] >= 0) g[n] = 1;
    int kind = m->transform[i];
    if (kind == 0) return n + 2;
    double largest, r = right(m, i, t, &largest) + (m->add[i] >= 0 ? cell(m, t, m->add[i]) : 0);
    double before = kind >= 2 ? cell(m, t - 1, m->left[i]) : 0, by = 1;
    switch (kind) {
        case 1: by = expo(r); break;
        case 2: by = before * expo(r); g[n + 1] = expo(r); break;
        case 3: g[n + 1] = 1; break;
        case 4: by = before / 100; g[n + 1] = 1 + r / 100; break;
    }
    for (int64_t k = 0; k < n + (m->add[i] >= 0); k++) g[k] = slope(g[k] * by);
    return n + 2;
}

void bagdar_gradients(const Model *m, int64_t n, const int *i, const int *t, double *g) {
    for (int64_t k = 0; k < n; k++) g += gradient(m, i[k], t[k], g);
}

/* Compute, in order, left sides that hold no number, again while something new was found: equation i[k] in period t[k].
   A result is as unsure as the least sure of what it reads; reads of equation i: cells[from[i]..from[i+1]) lags periods
   ago. */
void bagdar_fill(const Model *m, int64_t n, const int *i, const int *t, const int64_t *from, const int *cells,
                 const int *lags, signed char *status, int derived, char *done) {
    int64_t new = 1;
    while (new) {
        new = 0;
        for (int64_t k = 0; k < n; k++) {
            int64_t row = (t[k] + m->padding) * m->width;
            double *x = m->x + row + m->left[i[k]], largest;
            if (*x == *x) continue;
            double v = computed(m, i[k], t[k], &largest);
            if (v != v) continue;
            *x = v;
            int sure = derived;
            for (int64_t r = from[i[k]]; r < from[i[k] + 1]; r++) {
                if (cells[r] < 0) continue;
                int one = status[row - lags[r] * m->width + cells[r]];
                if (one > sure) sure = one;
            }
            status[row + m->left[i[k]]] = sure;
            done[k] = 1;
            new++;
        }
    }
}

/* The blocks of a solution, one after the other; rows of block n: start[n]..start[n+1]. Row j is an equation in a
   period with the unknown that it is matched with. kind: 0 solved together, 1 the left side is computed outright,
   2 the add-factor is, 3 left to the caller. The last `feedback` rows of a block are its feedback set; rows before them
   come in the order in which they give their unknowns. `lefts[j]`: which unknown of its block the left cell of row j
   is; column: for each slope of each row (from column_at of its block) which unknown it is by; -1: none. */
typedef struct {
    const int64_t *start, *column_at;
    const int *feedback;
    const signed char *kind;
    const int *equation, *period, *unknown_period, *unknown, *lefts, *column;
    const double *scale, *left_scale; /* of each row's unknown, and of its left side */
    const double *near;               /* where to start from: numbers laid out as the model's; may be null */
    double tolerance;
    int64_t iterations;
} Schedule;

typedef struct {
    int64_t size, feedback;
    const int *equation, *period, *unknown_period, *unknown, *lefts, *column;
    const double *scale, *left_scale;
    double *weight;
    double tolerance;
    int64_t iterations;
} Block;

typedef struct {
    double *u, *f, *step, *trial, *z, *a, *s, *g, *weight;
} Work;

static void put(const Model *m, const Block *b, const double *u) {
    for (int64_t j = 0; j < b->size; j++)
        m->x[(b->unknown_period[j] + m->padding) * m->width + b->unknown[j]] = u[j];
}

/* What each equation is off by over its weight; the first that has no value, or -1. */
static int64_t residuals(const Model *m, const Block *b, double *f) {
    double largest;
    for (int64_t j = 0; j < b->size; j++) {
        double v = computed(m, b->equation[j], b->period[j], &largest);
        double left = cell(m, b->period[j], m->left[b->equation[j]]);
        f[j] = (left - v) / b->weight[j];
        if (v != v || !(fabs(f[j]) <= 1.7976931348623157e308)) return j;
    }
    return -1;
}

static double norm(const double *f, int64_t n) {
    double sum = 0;
    for (int64_t j = 0; j < n; j++) sum += f[j] * f[j];
    return sqrt(sum);
}

/* Solve S v = r in place by elimination with pivots from the largest of each column; 0 if S is singular. */
static int eliminate(double *s, double *r, int64_t k) {
    for (int64_t i = 0; i < k; i++) {
        double size = 0;
        for (int64_t j = 0; j < k; j++) if (fabs(s[i * k + j]) > size) size = fabs(s[i * k + j]);
        if (!(size > 0)) return 0;
        for (int64_t j = 0; j < k; j++) s[i * k + j] /= size;
        r[i] /= size;
    }
    for (int64_t c = 0; c < k; c++) {
        int64_t best = c;
        for (int64_t i = c + 1; i < k; i++) if (fabs(s[i * k + c]) > fabs(s[best * k + c])) best = i;
        if (!(fabs(s[best * k + c]) > 1e-14)) return 0;
        if (best != c) {
            for (int64_t j = c; j < k; j++) { double h = s[c * k + j]; s[c * k + j] = s[best * k + j]; s[best * k + j] = h; }
            double h = r[c]; r[c] = r[best]; r[best] = h;
        }
        for (int64_t i = c + 1; i < k; i++) {
            double q = s[i * k + c] / s[c * k + c];
            if (q == 0) continue;
            for (int64_t j = c + 1; j < k; j++) s[i * k + j] -= q * s[c * k + j];
            r[i] -= q * r[c];
        }
    }
    for (int64_t c = k - 1; c >= 0; c--) {
        for (int64_t j = c + 1; j < k; j++) r[c] -= s[c * k + j] * r[j];
        r[c] /= s[c * k + c];
        if (!(fabs(r[c]) <= 1.7976931348623157e308)) return 0;
    }
    return 1;
}

/* The Newton step. Unknowns outside the feedback set follow from those in it, one after the other:
   step_j = a_j + sum_v z_jv step_v; what is left is a small dense system (Steward 1962; Gilli 1992). */
static int newton_step(const Model *m, const Block *b, Work *w) {
    int64_t size = b->size, k = b->feedback, inner = size - k;
    const int *column = b->column;
    for (int64_t j = 0; j < size; j++) {
        double *z = j < inner ? w->z + j * k : w->s + (j - inner) * k;
        double a = -w->f[j] * b->weight[j];
        memset(z, 0, k * sizeof(double));
        int64_t n = gradient(m, b->equation[j], b->period[j], w->g);
        int sign = j < inner ? 1 : -1; /* of the slopes: moved to the other side, or not */
        if (j >= inner) {
            int c = b->lefts[j];
            if (c >= inner) z[c - inner] += 1;
            else if (c >= 0) {
                for (int64_t v = 0; v < k; v++) z[v] += w->z[c * k + v];
                a -= w->a[c];
            }
        }
        for (int64_t e = 0; e < n; e++) {
            int c = column[e];
            double slope_by = w->g[e];
            if (c < 0 || slope_by == 0) continue;
            if (c >= inner) z[c - inner] += sign * slope_by;
            else {
                const double *from = w->z + c * k;
                for (int64_t v = 0; v < k; v++) z[v] += sign * slope_by * from[v];
                a += slope_by * w->a[c];
            }
        }
        column += n;
        if (j < inner) w->a[j] = a;
        else {
            w->step[j] = a / b->weight[j];
            for (int64_t v = 0; v < k; v++) z[v] *= b->scale[inner + v] / b->weight[j];
        }
    }
    if (k && !eliminate(w->s, w->step + inner, k)) return 0;
    for (int64_t v = 0; v < k; v++) w->step[inner + v] *= b->scale[inner + v];
    for (int64_t j = 0; j < inner; j++) {
        double step = w->a[j];
        for (int64_t v = 0; v < k; v++) step += w->z[j * k + v] * w->step[inner + v];
        if (!(fabs(step) <= 1.7976931348623157e308)) return 0;
        w->step[j] = step;
    }
    return 1;
}

/* Newton's method with a test of step and of residual; the step is halved until the residual falls (Dennis and
   Schnabel 1983, chapter 6). Returns 0 solved, 1 no value (where: failed), 2 singular, 3 not converged. */
static int newton(const Model *m, const Block *b, Work *w, int64_t *iterations, int64_t *failed) {
    int64_t size = b->size;
    for (int64_t j = 0; j < size; j++) {
        w->u[j] = cell(m, b->unknown_period[j], b->unknown[j]);
        /* Weights that stay as they are: only so does every step lead downhill. */
        w->weight[j] = fabs(cell(m, b->period[j], m->left[b->equation[j]])) + b->left_scale[j];
    }
    *iterations = 0;
    if ((*failed = residuals(m, b, w->f)) >= 0) return 1;
    for (int64_t n = 1; n <= b->iterations; n++) {
        *iterations = n;
        if (!newton_step(m, b, w)) return 2;
        int small = 1, moved = 0;
        for (int64_t j = 0; j < size; j++)
            if (!(fabs(w->step[j]) <= b->tolerance * (fabs(w->u[j]) + b->scale[j]))) small = 0;
        double best = norm(w->f, size), fraction = 1;
        if (best < 1e-14) best = 1e-14; /* at the floor of rounding a residual may rise by a hair */
        for (int halving = 0; halving < 40 && !moved; halving++, fraction /= 2) {
            for (int64_t j = 0; j < size; j++) w->trial[j] = w->u[j] + fraction * w->step[j];
            put(m, b, w->trial);
            if (residuals(m, b, w->a) < 0 && norm(w->a, size) <= best) {
                memcpy(w->f, w->a, size * sizeof(double));
                memcpy(w->u, w->trial, size * sizeof(double));
                moved = 1;
            }
        }
        if (!moved) {
            put(m, b, w->u);
            return 3;
        }
        if (small) {
            for (int64_t j = 0; j < size && small; j++) {
                double size_now = fabs(cell(m, b->period[j], m->left[b->equation[j]])) + b->left_scale[j];
                if (!(fabs(w->f[j]) * b->weight[j] <= b->tolerance * size_now)) small = 0;
            }
            if (small) return 0;
        }
    }
    return 3;
}

static void begin(const Model *m, const Schedule *s, int64_t from, int64_t to) {
    for (int64_t j = from; j < to; j++) {
        int t = s->unknown_period[j], i = s->unknown[j];
        double *x = m->x + (t + m->padding) * m->width + i;
        if (*x != *x && s->near) *x = s->near[(t + m->padding) * m->width + i];
        if (*x != *x) *x = cell(m, t - 1, i);
        if (*x != *x) *x = s->scale[j];
    }
}

/* How much work space, in doubles, blocks from..to need. */
int64_t bagdar_space(const Model *m, const Schedule *s, int64_t from, int64_t to) {
    int64_t most = 0, slots = 0;
    for (int64_t n = from; n < to; n++) {
        if (s->kind[n] != 0) continue;
        int64_t size = s->start[n + 1] - s->start[n], k = s->feedback[n];
        int64_t need = 6 * size + (size - k) * k + k * k;
        if (need > most) most = need;
        for (int64_t j = s->start[n]; j < s->start[n + 1]; j++)
            if (m->slots[s->equation[j]] > slots) slots = m->slots[s->equation[j]];
    }
    return most + slots + 2;
}

/* Solve blocks from..to; returns the first that is not solved (`to` if all are), with why, as `newton` says (4: it is
   left to the caller), the row that has no value, and in space the residuals of its rows. */
int64_t bagdar_solve(const Model *m, const Schedule *s, int64_t from, int64_t to, double *space, int *why, int64_t *iterations,
                  int64_t *failed) {
    *why = 0;
    for (int64_t n = from; n < to; n++) {
        int64_t j = s->start[n], size = s->start[n + 1] - j, k = s->feedback[n], tried = 0;
        if (s->kind[n] == 3) {
            *why = 4;
            return n;
        }
        if (s->kind[n] != 0) {
            double largest;
            int i = s->equation[j], t = s->period[j];
            double v = s->kind[n] == 1 ? computed(m, i, t, &largest) : judged(m, i, t);
            if (v != v) {
                *why = 1;
                *failed = 0;
                return n;
            }
            m->x[(s->unknown_period[j] + m->padding) * m->width + s->unknown[j]] = v;
            continue;
        }
        Block b = {size, k, s->equation + j, s->period + j, s->unknown_period + j, s->unknown + j, s->lefts + j,
                   s->column + s->column_at[n], s->scale + j, s->left_scale + j, space + 4 * size, s->tolerance,
                   s->iterations};
        double *rest = space + 6 * size;
        Work w = {space + size, space, space + 2 * size, space + 3 * size, rest, space + 5 * size,
                  rest + (size - k) * k, rest + (size - k) * k + k * k, b.weight};
        begin(m, s, j, j + size);
        *why = newton(m, &b, &w, &tried, failed);
        *iterations += tried;
        if (*why) { /* then those of this block, for the finding to tell */
            *iterations = tried;
            return n;
        }
    }
    return to;
}
