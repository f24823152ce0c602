#include "cli/json.h"

#include <stdio.h>

json_t *json_number(double value)
{
    json_t *number = json_real(value);
    return number ? number : json_null();
}

json_t *json_floats(int count, const float *values)
{
    json_t *list = json_array();
    for (int i = 0; i < count; i++)
        json_array_append_new(list, json_number((double)values[i]));
    return list;
}

void json_line(json_t *object)
{
    json_dumpf(object, stdout, JSON_COMPACT | JSON_REAL_PRECISION(9));
    printf("\n");
    json_decref(object);
}
