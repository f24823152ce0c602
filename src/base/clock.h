/** Time that never jumps. */
#ifndef FOVEA_BASE_CLOCK_H
#define FOVEA_BASE_CLOCK_H

double clock_now(void); /* seconds since some fixed moment, monotonic */

#endif
