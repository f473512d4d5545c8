/* Loaded before the C library by scripts/bench: a sync of a file below a folder named "slow-sync" takes 2 ms longer.

   How many filings a second one machine can make durable depends first on how long its disk needs for a sync: 0.1 ms with a cache that is
   safe from power cuts, several milliseconds without one. This shows the second kind on a machine of the first. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int slow(int file) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return strstr(path, "/slow-sync/") != NULL;
}

static int sync_with(const char *name, int file) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    if (slow(file)) nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    return real(file);
}

int fsync(int file) { return sync_with("fsync", file); }
int fdatasync(int file) { return sync_with("fdatasync", file); }
