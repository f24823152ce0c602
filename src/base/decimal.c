#include "base/decimal.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A float has between 6 digits that any of them keeps and 9 that tell all of them apart. */
enum { LEAST = 6, MOST = 9 };

/* Powers that a double holds exactly. */
static const double power[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                               1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static int by_printf(float value, char *out)
{
    int length = 0;
    for (int digits = LEAST; digits <= MOST; digits++) {
        length = snprintf(out, DECIMAL_ROOM, "%.*g", digits, (double)value);
        if (strtof(out, NULL) == value)
            break;
    }
    char *comma = strchr(out, ',');
    if (comma)
        *comma = '.';
    return length;
}

static double shift(double value, int by)
{
    return by >= 0 ? value * power[by] : value / power[-by];
}

/* Halfway between two floats, where rounding twice could go the other way than rounding once. */
static int halfway(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return (bits & 0x1fffffff) == 0x10000000;
}

/* "12345", four digits behind the first, as 1.2345e+07 or, between 1e-4 and 10^digits, plain. */
static int write_digits(char *out, uint32_t whole, int digits, int exponent)
{
    char text[MOST], *to = out;
    int precision = digits;
    for (int i = digits - 1; i >= 0; i--, whole /= 10)
        text[i] = (char)('0' + whole % 10);
    while (digits > 1 && text[digits - 1] == '0')
        digits--;
    int point = exponent >= -4 && exponent < precision ? exponent + 1 : 1; /* digits before it */
    for (int i = point; i <= 0; i++) {
        *to++ = '0';
        if (i == point)
            *to++ = '.';
    }
    for (int i = 0; i < digits || i < point; i++) {
        if (i == point && point > 0)
            *to++ = '.';
        *to++ = i < digits ? text[i] : '0';
    }
    if (exponent < -4 || exponent >= precision) {
        *to++ = 'e';
        *to++ = exponent < 0 ? '-' : '+';
        *to++ = (char)('0' + abs(exponent) / 10);
        *to++ = (char)('0' + abs(exponent) % 10);
    }
    *to = 0;
    return (int)(to - out);
}

/* The digits by one multiplication in double precision; 0: too close to call, or too large or small. */
static int by_double(float value, char *out)
{
    double size = fabs((double)value);
    int exponent = -12;
    if (size < 1e-12 || size >= 1e12)
        return 0;
    while (shift(1, exponent + 1) <= size)
        exponent++;
    for (int digits = LEAST; digits <= MOST; digits++) {
        int by = digits - 1 - exponent;
        double scaled = shift(size, by), whole = rint(scaled), back = shift(whole, -by);
        if (halfway(back) || whole >= power[digits] || whole < power[digits - 1])
            return 0;
        if ((float)back != fabsf(value) && digits < MOST)
            continue;
        if (fabs(fabs(scaled - whole) - 0.5) < 1e-5)
            return 0;
        *out = '-';
        return write_digits(out + (value < 0), (uint32_t)whole, digits, exponent) + (value < 0);
    }
    return 0;
}

int decimal_shortest(float value, char out[DECIMAL_ROOM])
{
    if (isnan(value))
        return snprintf(out, DECIMAL_ROOM, "nan");
    if (isinf(value))
        return snprintf(out, DECIMAL_ROOM, value < 0 ? "-inf" : "inf");
    int length = by_double(value, out);
    return length ? length : by_printf(value, out);
}
